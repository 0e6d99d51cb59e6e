#include "software/common/process/child_pool.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "software/common/error.h"
#include "tests/software/scenario/message.h"

namespace lutra::exploration {
namespace {

using test::message_of;

std::map<std::size_t, ChildAnswer> answers(std::size_t count, std::size_t jobs,
                                           const std::function<std::string(std::size_t)>& work) {
  std::map<std::size_t, ChildAnswer> all;
  EXPECT_TRUE(run_in_children(
      {count_up(count),
       work,
       [&](std::size_t task, const ChildAnswer& answer) { EXPECT_TRUE(all.emplace(task, answer).second); },
       {}},
      jobs));
  return all;
}

TEST(ChildPool, EveryTaskIsAnsweredOnceWhateverTheNumberOfJobs) {
  for (const std::size_t jobs : {0U, 1U, 2U, 7U, 50U}) {
    const auto all = answers(9, jobs, [](std::size_t task) { return std::string(task * 100'000, 'x'); });
    ASSERT_EQ(all.size(), 9U);
    for (const auto& [task, answer] : all) {
      EXPECT_FALSE(answer.failed);
      EXPECT_EQ(answer.text.size(), task * 100'000);
    }
  }
}

TEST(ChildPool, DoesNothingWithoutTasks) {
  EXPECT_TRUE(answers(0, 3, [](std::size_t) { return std::string(); }).empty());
}

TEST(ChildPool, EveryTaskHasAProcessOfItsOwn) {
  std::set<std::string> processes = {std::to_string(::getpid())};
  for (const auto& [task, answer] : answers(6, 2, [](std::size_t) { return std::to_string(::getpid()); }))
    processes.insert(answer.text);
  EXPECT_EQ(processes.size(), 7U);
}

TEST(ChildPool, AFailureIsAnAnswerAndTheOthersGoOn) {
  const auto all = answers(5, 2, [](std::size_t task) -> std::string {
    if (task == 1) throw Error("no such layer");
    if (task == 2) std::raise(SIGKILL);
    if (task == 3) std::_Exit(0);
    return "done";
  });
  EXPECT_EQ(all.at(0).text, "done");
  EXPECT_TRUE(all.at(1).failed);
  EXPECT_EQ(all.at(1).text, "no such layer");
  EXPECT_TRUE(all.at(2).failed);
  EXPECT_EQ(all.at(2).text, "a simulation process was ended by signal 9");
  EXPECT_TRUE(all.at(3).failed);
  EXPECT_EQ(all.at(3).text, "a simulation process ended without an answer");
  EXPECT_EQ(all.at(4).text, "done");
}

// The second child sends the signal and would wait forever.
TEST(ChildPool, AnInterruptEndsTheChildrenAndKeepsWhatIsFinished) {
  for (const int signal : {SIGINT, SIGTERM}) {
    int finished = 0;
    const pid_t parent = ::getpid();
    const auto work = [&](std::size_t task) {
      if (task == 0) return std::to_string(::getpid());
      if (task == 1) ::kill(parent, signal);
      for (;;) ::pause();
      return std::string();
    };
    const auto count = [&](std::size_t task, const ChildAnswer&) {
      EXPECT_EQ(task, 0U);
      ++finished;
    };
    EXPECT_FALSE(run_in_children({count_up(4), work, count, {}}, 1));
    EXPECT_EQ(finished, 1);
    errno = 0;
    EXPECT_EQ(::waitpid(-1, nullptr, 0), -1);
    EXPECT_EQ(errno, ECHILD) << "a child is left";
  }
}

// The first child tells the second what to do; the third starts when both have ended.
TEST(ChildPool, ATaskMayWaitForTheAnswersOfOthers) {
  std::vector<std::string> said(3);
  std::size_t begun = 0;
  ChildTasks tasks;
  tasks.next = [&]() -> std::optional<std::size_t> {
    if (begun == 3 || (begun > 0 && said[begun - 1].empty())) return std::nullopt;
    return begun++;
  };
  tasks.work = [&](std::size_t task) { return task == 0 ? std::string("a") : said[task - 1] + "b"; };
  tasks.finished = [&](std::size_t task, const ChildAnswer& answer) { said[task] = answer.text; };
  EXPECT_TRUE(run_in_children(tasks, 2));
  EXPECT_THAT(said, testing::ElementsAre("a", "ab", "abb"));
}

TEST(ChildPool, AChildThatTakesTooLongIsEndedAndTheOthersAreNot) {
  std::map<std::size_t, ChildAnswer> all;
  ChildTasks tasks;
  tasks.next = count_up(4);
  tasks.work = [](std::size_t task) {
    while (task % 2 == 1) ::pause();
    return std::string("done");
  };
  tasks.finished = [&](std::size_t task, const ChildAnswer& answer) { EXPECT_TRUE(all.emplace(task, answer).second); };
  tasks.seconds = 5;
  EXPECT_TRUE(run_in_children(tasks, 3));
  ASSERT_EQ(all.size(), 4U);
  for (const auto& [task, answer] : all) {
    EXPECT_EQ(answer.failed, task % 2 == 1);
    EXPECT_EQ(answer.text, task % 2 == 1 ? "took longer than 5 s and was ended" : "done");
  }
  EXPECT_EQ(::waitpid(-1, nullptr, 0), -1);
  EXPECT_EQ(errno, ECHILD) << "a child is left";
}

TEST(ChildPool, AnErrorHereEndsTheChildrenToo) {
  const auto work = [](std::size_t task) {
    while (task != 0) ::pause();
    return std::string();
  };
  const auto refuse = [](std::size_t, const ChildAnswer&) { throw Error("the disk is full"); };
  EXPECT_EQ(message_of([&] { run_in_children({count_up(3), work, refuse, {}}, 3); }), "the disk is full");
  EXPECT_EQ(::waitpid(-1, nullptr, 0), -1);
  EXPECT_EQ(errno, ECHILD) << "a child is left";
}

// It waits forever otherwise, and so would this test.
TEST(ChildPool, AChildEndsWithItsParent) {
  const Child parent = start_child([&] {
    const Child orphan = start_child([&] {
      for (;;) ::pause();
      return std::string();
    });
    std::raise(SIGKILL);
    return std::to_string(orphan.process);
  });
  // The orphan holds the other end of the pipe: this ends when both are gone.
  char byte = 0;
  EXPECT_EQ(::read(parent.descriptor, &byte, 1), 0);
  EXPECT_TRUE(finish_child(parent, "").failed);
}

}  // namespace
}  // namespace lutra::exploration
