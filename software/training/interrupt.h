#pragma once

namespace lutra::training {

// While it lives, SIGINT and SIGTERM are noted instead of ending the process. One at a time.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  bool came() const;

 private:
  void (*before_int_)(int);
  void (*before_term_)(int);
};

}  // namespace lutra::training
