#include "software/training/interrupt.h"

#include <csignal>
#include <initializer_list>

namespace lutra::training {

namespace {

volatile std::sig_atomic_t noted = 0;

void note(int) { noted = 1; }

}  // namespace

InterruptWatch::InterruptWatch() {
  noted = 0;
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, note);
}

InterruptWatch::~InterruptWatch() {
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, SIG_DFL);
}

bool InterruptWatch::came() const { return noted != 0; }

}  // namespace lutra::training
