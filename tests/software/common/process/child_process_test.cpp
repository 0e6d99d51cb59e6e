#include "software/common/process/child_process.h"

#include <gmock/gmock.h>

#include <csignal>
#include <cstdlib>

#include "tests/software/scenario/message.h"

namespace lutra::exploration {
namespace {

using test::message_of;

TEST(ChildProcess, ItsAnswerComesBackHoweverLong) {
  EXPECT_EQ(run_in_child([] { return std::string("42"); }), "42");
  EXPECT_EQ(run_in_child([] { return std::string(); }), "");
  EXPECT_EQ(run_in_child([] { return std::string(1 << 20, 'x'); }), std::string(1 << 20, 'x'));
}

TEST(ChildProcess, KeepsItsChangesToItself) {
  int value = 1;
  run_in_child([&] {
    value = 2;
    return std::string();
  });
  EXPECT_EQ(value, 1);
}

TEST(ChildProcess, ItsErrorIsThrownHere) {
  EXPECT_EQ(message_of([] { run_in_child([]() -> std::string { throw Error("no such layer"); }); }), "no such layer");
}

TEST(ChildProcess, ItsDeathIsAnError) {
  const auto killed = [] {
    run_in_child([] {
      std::raise(SIGKILL);
      return std::string();
    });
  };
  EXPECT_EQ(message_of(killed), "a simulation process was ended by signal 9");
  const auto left = []() { run_in_child([]() -> std::string { std::_Exit(0); }); };
  EXPECT_EQ(message_of(left), "a simulation process ended without an answer");
}

}  // namespace
}  // namespace lutra::exploration
