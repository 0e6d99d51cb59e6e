#pragma once

#include <cstddef>
#include <filesystem>

namespace lutra {

// Where a file is written that goes by this name: where a symbolic link leads. Throws Error where a device or a pipe is
// there, which a file renamed to its place would replace.
std::filesystem::path writable_place(const std::filesystem::path& path);

// A file that is being written under a temporary name. While it lives, an interrupt that ends the process takes the
// file with it; of more than 16 at once, and of paths of 4096 characters and more, nobody takes care.
class Unfinished {
 public:
  explicit Unfinished(const std::filesystem::path& temporary);
  ~Unfinished();
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

 private:
  std::size_t slot_;
};

// Removes the files of all that live. A signal handler may call it.
void remove_unfinished() noexcept;

}  // namespace lutra
