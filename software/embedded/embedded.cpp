#include "software/embedded/embedded.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace {

struct Entry {
  const char* path;
  const char* content;
  std::uint64_t bytes;
};

}  // namespace

// The table lutra_embed (cmake/LutraTargets.cmake) generates.
extern "C" const Entry lutra_embedded_files[];
extern "C" const Entry lutra_embedded_files_end[];

namespace lutra {

namespace {

std::span<const Entry> entries() {
  return {lutra_embedded_files, static_cast<std::size_t>(lutra_embedded_files_end - lutra_embedded_files)};
}

}  // namespace

std::optional<std::string_view> find_embedded(std::string_view path) {
  for (const Entry& entry : entries())
    if (path == entry.path) return std::string_view(entry.content, entry.bytes);
  return std::nullopt;
}

std::vector<std::string> list_embedded(std::string_view prefix) {
  std::vector<std::string> paths;
  for (const Entry& entry : entries())
    if (std::string_view(entry.path).starts_with(prefix)) paths.emplace_back(entry.path);
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace lutra
