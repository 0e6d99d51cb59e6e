#pragma once

#include <coroutine>
#include <cstdint>
#include <deque>
#include <limits>
#include <utility>
#include <vector>

namespace lutra::prediction {

// A coroutine that waits in simulated time: what a SystemC thread is, without SystemC. It begins when the scheduler
// runs it, and is destroyed with this object.
class Process {
 public:
  struct promise_type {
    Process get_return_object() { return Process(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { throw; }
  };

  explicit Process(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Process(Process&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Process& operator=(Process&&) = delete;
  ~Process() {
    if (handle_) handle_.destroy();
  }

  std::coroutine_handle<> handle() const { return handle_; }

 private:
  std::coroutine_handle<promise_type> handle_;
};

// Who runs when. Times are absolute, in picoseconds.
class Scheduler {
 public:
  using Time = std::uint64_t;
  static constexpr Time never = std::numeric_limits<Time>::max();

  Time now() const { return now_; }
  bool quiet() const { return ready_.empty(); }  // nobody else has anything to do at this instant

  void wake(std::coroutine_handle<> process) { ready_.push_back(process); }

  // co_await: until this time; no wait where it has passed.
  auto until(Time time) {
    struct Wait {
      Scheduler& scheduler;
      Time time;
      bool await_ready() const { return time <= scheduler.now_; }
      void await_suspend(std::coroutine_handle<> process) const { scheduler.timers_.emplace_back(time, process); }
      void await_resume() const {}
    };
    return Wait{*this, time};
  }

  // Until nobody waits for a time. When an instant has come to rest, `settle()` may wake processes, and says when it
  // has to be asked again (or never).
  template <typename Settle>
  void run(const Settle& settle) {
    for (;;) {
      run_instant();
      const Time next = settle();
      if (!ready_.empty()) continue;
      if (!advance(next)) return;
    }
  }

  // Lets time pass while nobody runs.
  void skip_to(Time time) { now_ = time > now_ ? time : now_; }

 private:
  void run_instant() {
    while (!ready_.empty()) {
      const std::coroutine_handle<> process = ready_.front();
      ready_.pop_front();
      process.resume();
    }
  }

  // To the next instant at which something happens; false where there is none.
  bool advance(Time next) {
    for (const auto& [time, process] : timers_) next = time < next ? time : next;
    if (next == never) return false;
    now_ = next;
    std::erase_if(timers_, [&](const auto& timer) {
      if (timer.first > now_) return false;
      ready_.push_back(timer.second);
      return true;
    });
    return true;
  }

  Time now_ = 0;
  std::deque<std::coroutine_handle<>> ready_;
  std::vector<std::pair<Time, std::coroutine_handle<>>> timers_;  // a few
};

// What one process at a time waits for: co_await signal.
class Signal {
 public:
  explicit Signal(Scheduler& scheduler) : scheduler_(scheduler) {}

  void notify() {
    if (waiting_) scheduler_.wake(std::exchange(waiting_, nullptr));
  }

  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> process) { waiting_ = process; }
  void await_resume() const {}

 private:
  Scheduler& scheduler_;
  std::coroutine_handle<> waiting_;
};

}  // namespace lutra::prediction
