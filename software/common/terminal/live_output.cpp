#include "software/common/terminal/live_output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

#include "software/common/error.h"
#include "software/common/process/write_all.h"

namespace lutra::terminal {

namespace {

constexpr std::size_t most_waiting = 4096;

}  // namespace

LiveOutput::LiveOutput() : pipe_action_before_(std::signal(SIGPIPE, SIG_IGN)) {}

LiveOutput::~LiveOutput() {
  flush();
  std::signal(SIGPIPE, pipe_action_before_);
}

void LiveOutput::flush() {
  if (failure_ == 0) failure_ = write_all(STDOUT_FILENO, waiting_);
  waiting_.clear();
}

void LiveOutput::require_written() const {
  if (failure_ != 0 && failure_ != EPIPE)
    throw Error(fmt::format("the output could not be written: {}", std::strerror(failure_)));
}

LiveOutput::int_type LiveOutput::overflow(int_type character) {
  if (traits_type::eq_int_type(character, traits_type::eof())) return traits_type::not_eof(character);
  const char letter = traits_type::to_char_type(character);
  xsputn(&letter, 1);
  return character;
}

std::streamsize LiveOutput::xsputn(const char* text, std::streamsize count) {
  const std::string_view added(text, static_cast<std::size_t>(count));
  waiting_ += added;
  if (added.find('\n') != std::string_view::npos || waiting_.size() >= most_waiting) flush();
  return count;
}

int LiveOutput::sync() {
  flush();
  return 0;
}

}  // namespace lutra::terminal
