#include "models/memory/storage.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstring>

#include "software/common/error.h"

namespace lutra::models {

Storage::Storage(std::size_t bytes) : bytes_(bytes), data_(nullptr) {
  if (bytes == 0) throw Error("a memory of 0 bytes: give it a size");
  void* mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED)
    throw Error(fmt::format("cannot map a memory of {} bytes: {}", bytes, std::strerror(errno)));
  data_ = static_cast<std::uint8_t*>(mapped);
}

Storage::~Storage() { munmap(data_, bytes_); }

}  // namespace lutra::models
