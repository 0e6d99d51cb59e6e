#include "software/common/process/child_pool.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <ctime>
#include <vector>

#include "software/common/error.h"

namespace lutra {

namespace {

constexpr std::array<int, 2> interrupts = {SIGINT, SIGTERM};

volatile std::sig_atomic_t interrupted = 0;

extern "C" void note_interrupt(int) { interrupted = 1; }

// While it lives, interrupts arrive in wait() and nowhere else, and are noted.
class Interrupts {
 public:
  Interrupts() {
    interrupted = 0;
    sigset_t blocked;
    sigemptyset(&blocked);
    for (const int signal : interrupts) sigaddset(&blocked, signal);
    sigprocmask(SIG_BLOCK, &blocked, &mask_before_);
    waiting_mask_ = mask_before_;
    struct sigaction action = {};
    action.sa_handler = note_interrupt;
    for (std::size_t i = 0; i < interrupts.size(); ++i) {
      sigdelset(&waiting_mask_, interrupts[i]);
      sigaction(interrupts[i], &action, &actions_before_[i]);
    }
  }
  ~Interrupts() {
    for (std::size_t i = 0; i < interrupts.size(); ++i) sigaction(interrupts[i], &actions_before_[i], nullptr);
    sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
  }
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  // False when an interrupt came. Ends after `longest` where nothing happens before.
  bool wait(std::vector<pollfd>& descriptors, std::optional<std::chrono::nanoseconds> longest) const {
    timespec limit{};
    if (longest) {
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*longest);
      limit = {static_cast<std::time_t>(seconds.count()), static_cast<long>((*longest - seconds).count())};
    }
    if (::ppoll(descriptors.data(), descriptors.size(), longest ? &limit : nullptr, &waiting_mask_) < 0 &&
        errno != EINTR)
      throw Error(fmt::format("the simulation processes cannot be waited for: {}", std::strerror(errno)));
    return interrupted == 0;
  }

  // In a child: a terminal's SIGINT goes to the whole group, and the parent is the one to act on it.
  void leave_to_parent() const {
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGTERM, SIG_DFL);
    sigprocmask(SIG_SETMASK, &waiting_mask_, nullptr);
  }

 private:
  sigset_t mask_before_{};
  sigset_t waiting_mask_{};
  std::array<struct sigaction, interrupts.size()> actions_before_{};
};

class Pool {
 public:
  explicit Pool(const ChildTasks& tasks) : tasks_(tasks) {}
  ~Pool() {
    for (const Running& running : running_) ::kill(running.child.process, SIGKILL);
    for (const Running& running : running_) finish_child(running.child, {});
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  bool run(std::size_t jobs) {
    for (;;) {
      while (running_.size() < jobs) {
        const std::optional<std::size_t> task = tasks_.next();
        if (!task) break;
        start(*task);
      }
      if (running_.empty()) return true;
      std::vector<pollfd> descriptors;
      for (const Running& running : running_) descriptors.push_back({running.child.descriptor, POLLIN, 0});
      if (!interrupts_.wait(descriptors, time_left())) return false;
      // From the back, so that what ends leaves the others where they are.
      for (std::size_t i = descriptors.size(); i-- > 0;)
        if (descriptors[i].revents != 0) listen(i);
      end_late();
    }
  }

 private:
  using Clock = std::chrono::steady_clock;

  struct Running {
    std::size_t task;
    Child child;
    std::string said;
    Clock::time_point begin;
  };

  void start(std::size_t task) {
    running_.reserve(running_.size() + 1);
    running_.push_back({task,
                        start_child([&] {
                          interrupts_.leave_to_parent();
                          return tasks_.work(task);
                        }),
                        {},
                        Clock::now()});
  }

  // Until the next child is late.
  std::optional<std::chrono::nanoseconds> time_left() const {
    if (!tasks_.seconds) return std::nullopt;
    auto first = Clock::time_point::max();
    for (const Running& running : running_) first = std::min(first, running.begin);
    return std::max<std::chrono::nanoseconds>(first + std::chrono::seconds(*tasks_.seconds) - Clock::now(), {});
  }

  void end_late() {
    if (!tasks_.seconds) return;
    for (std::size_t i = running_.size(); i-- > 0;) {
      if (Clock::now() - running_[i].begin < std::chrono::seconds(*tasks_.seconds)) continue;
      ::kill(running_[i].child.process, SIGKILL);
      const Running ended = take(i);
      finish_child(ended.child, {});
      tasks_.finished(ended.task, {true, fmt::format("took longer than {} s and was ended", *tasks_.seconds)});
    }
  }

  Running take(std::size_t index) {
    Running taken = std::move(running_[index]);
    running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(index));
    return taken;
  }

  void listen(std::size_t index) {
    Running& running = running_[index];
    std::array<char, 65536> block{};
    const ssize_t count = ::read(running.child.descriptor, block.data(), block.size());
    if (count < 0 && errno == EINTR) return;
    if (count > 0) {
      running.said.append(block.data(), static_cast<std::size_t>(count));
      return;
    }
    const Running ended = take(index);
    tasks_.finished(ended.task, finish_child(ended.child, ended.said));
  }

  const ChildTasks& tasks_;
  Interrupts interrupts_;
  std::vector<Running> running_;
};

}  // namespace

std::function<std::optional<std::size_t>()> count_up(std::size_t count) {
  return [count, next = std::size_t{0}]() mutable { return next < count ? std::optional(next++) : std::nullopt; };
}

bool run_in_children(const ChildTasks& tasks, std::size_t jobs) {
  return Pool(tasks).run(std::max<std::size_t>(jobs, 1));
}

}  // namespace lutra
