#include "software/training/interrupt.h"

#include <csignal>

namespace lutra::training {

namespace {

volatile std::sig_atomic_t noted = 0;

void note(int) { noted = 1; }

}  // namespace

InterruptWatch::InterruptWatch() {
  noted = 0;
  before_int_ = std::signal(SIGINT, note);
  before_term_ = std::signal(SIGTERM, note);
}

InterruptWatch::~InterruptWatch() {
  std::signal(SIGINT, before_int_);
  std::signal(SIGTERM, before_term_);
}

bool InterruptWatch::came() const { return noted != 0; }

}  // namespace lutra::training
