#include "software/common/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>

#include "software/common/error.h"
#include "software/common/unfinished.h"

namespace lutra {

namespace {

template <typename Container>
Container read_into(const std::filesystem::path& path, std::uintmax_t limit_bytes) {
  std::error_code failure;
  if (std::filesystem::is_directory(path, failure))
    throw Error(fmt::format("{}: is a folder, not a file", path.string()));
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(fmt::format("{}: cannot be opened: {}", path.string(), std::strerror(errno)));
  Container content;
  char block[65536];
  while (in.read(block, sizeof block), in.gcount() > 0) {
    if (content.size() + static_cast<std::size_t>(in.gcount()) > limit_bytes)
      throw Error(fmt::format("{}: is larger than the {} bytes that are accepted", path.string(), limit_bytes));
    content.insert(content.end(), block, block + in.gcount());
  }
  if (in.bad()) throw Error(fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));
  return content;
}

// Throws Error when what was written there is not on the disk.
void sync(const std::filesystem::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0 || ::fsync(descriptor) != 0) {
    const std::string reason = std::strerror(errno);
    if (descriptor >= 0) ::close(descriptor);
    throw Error(fmt::format("{}: cannot be synced: {}", path.string(), reason));
  }
  ::close(descriptor);
}

// Writes, lets `seal` see what was written under its temporary name, and renames.
void write_and_rename(const std::filesystem::path& path, std::string_view content,
                      const std::function<void(const std::filesystem::path&)>& seal) {
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
  return read_into<std::string>(path, std::uintmax_t{64} << 20);
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
