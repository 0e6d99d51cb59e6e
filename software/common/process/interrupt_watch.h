#pragma once

#include <csignal>

namespace lutra {

// While it lives, the first SIGINT or SIGTERM is noted instead of ending the process; a second one ends it. One at a
// time.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  bool came() const;

 private:
  struct sigaction interrupt_before_ = {};
  struct sigaction terminate_before_ = {};
};

}  // namespace lutra
