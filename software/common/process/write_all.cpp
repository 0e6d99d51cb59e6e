#include "software/common/process/write_all.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace lutra {

namespace {

// A terminal that takes nothing just now, where someone has made it non-blocking.
bool wait_for_room(int descriptor) {
  pollfd room{descriptor, POLLOUT, 0};
  return ::poll(&room, 1, -1) >= 0 || errno == EINTR;
}

}  // namespace

int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written >= 0)
      text.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR && !(errno == EAGAIN && wait_for_room(descriptor)))
      return errno;
  }
  return 0;
}

}  // namespace lutra
