#include "software/common/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>

#include "software/common/error.h"
#include "software/common/unfinished.h"

namespace lutra {

namespace {

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }

 private:
  int number_;
};

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

// Opens what can be read whole, without waiting for anybody to write into it.
struct stat expect_regular(const Descriptor& file, const std::filesystem::path& path) {
  struct stat status {};
  if (file.number() < 0 || ::fstat(file.number(), &status) != 0)
    throw Error(fmt::format("{}: cannot be opened: {}{}", path.string(), std::strerror(errno),
                            path == "-" ? "; standard input is not read: write it into a file and name that" : ""));
  if (!S_ISREG(status.st_mode))
    throw Error(fmt::format(
        "{}: is {}, not a regular file; {}", path.string(), kind_of(status.st_mode),
        S_ISDIR(status.st_mode) ? "name a file in it" : "write what it would give into a file and name that"));
  return status;
}

template <typename Container>
Container read_into(const std::filesystem::path& path, std::uintmax_t limit_bytes) {
  const Descriptor file(path, O_RDONLY | O_NONBLOCK);
  const struct stat status = expect_regular(file, path);
  const auto refuse_large = [&](std::uintmax_t bytes) {
    if (bytes > limit_bytes)
      throw Error(fmt::format("{}: is larger than the {} bytes that are accepted", path.string(), limit_bytes));
  };
  refuse_large(static_cast<std::uintmax_t>(status.st_size));
  Container content;
  content.reserve(static_cast<std::size_t>(status.st_size));
  char block[65536];
  for (;;) {
    const ::ssize_t count = ::read(file.number(), block, sizeof block);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error(fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));
    if (count == 0) return content;
    refuse_large(content.size() + static_cast<std::size_t>(count));
    content.insert(content.end(), block, block + count);
  }
}

// Throws Error when what was written there is not on the disk.
void sync(const std::filesystem::path& path, int flags) {
  const Descriptor file(path, flags);
  if (file.number() < 0 || ::fsync(file.number()) != 0)
    throw Error(fmt::format("{}: cannot be synced: {}", path.string(), std::strerror(errno)));
}

// Writes, lets `seal` see what was written under its temporary name, and renames.
void write_and_rename(const std::filesystem::path& asked, std::string_view content,
                      const std::function<void(const std::filesystem::path&)>& seal) {
  const std::filesystem::path path = writable_place(asked);
  if (path.has_parent_path()) {
    std::error_code failure;
    std::filesystem::create_directories(path.parent_path(), failure);
    if (failure)
      throw Error(fmt::format("{}: the folder cannot be made: {}", path.parent_path().string(), failure.message()));
  }
  const std::filesystem::path temporary = path.string() + fmt::format(".{}.tmp", ::getpid());
  const Unfinished unfinished(temporary);
  try {
    std::ofstream out(temporary, std::ios::binary);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.flush();
    if (!out) throw Error(fmt::format("{}: cannot be written: {}", path.string(), std::strerror(errno)));
    seal(temporary);
    std::error_code failure;
    std::filesystem::rename(temporary, path, failure);
    if (failure) throw Error(fmt::format("{}: cannot be written: {}", path.string(), failure.message()));
  } catch (const Error&) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw;
  }
}

}  // namespace

std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::uintmax_t limit_bytes) {
  return read_into<std::vector<std::uint8_t>>(path, limit_bytes);
}

std::string read_text_file(const std::filesystem::path& path) {
  return read_into<std::string>(path, largest_text_bytes);
}

void write_file(const std::filesystem::path& path, std::string_view content) {
  write_and_rename(path, content, [](const std::filesystem::path&) {});
}

void write_file_durably(const std::filesystem::path& path, std::string_view content) {
  write_and_rename(path, content, [](const std::filesystem::path& temporary) { sync(temporary, O_WRONLY); });
  sync(path.has_parent_path() ? path.parent_path() : ".", O_RDONLY | O_DIRECTORY);
}

void require_writable(const std::filesystem::path& folder) {
  const std::filesystem::path probe = folder / fmt::format(".writable.{}", ::getpid());
  write_file(probe, "");
  std::error_code ignored;
  std::filesystem::remove(probe, ignored);
}

}  // namespace lutra
