#include "software/common/terminal/output.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "software/common/error.h"

namespace lutra::terminal {

void print(std::string_view text) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
  const int reason = errno;
  std::clearerr(stdout);
  if (reason != EPIPE) throw Error(fmt::format("the output could not be written: {}", std::strerror(reason)));
}

void say(std::string_view text) noexcept {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
  std::clearerr(stderr);
}

}  // namespace lutra::terminal
