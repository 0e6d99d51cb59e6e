#include "software/common/embedded.h"

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

// Every table that lutra_embed (software/cmake/LutraTargets.cmake) generates lies in the section "lutra_embedded",
// whose bounds the linker defines; a program that carries no files has no such section.
extern "C" [[gnu::weak, gnu::visibility("hidden")]] const Entry __start_lutra_embedded[];
extern "C" [[gnu::weak, gnu::visibility("hidden")]] const Entry __stop_lutra_embedded[];

namespace lutra {

namespace {

std::span<const Entry> entries() {
  return {__start_lutra_embedded, static_cast<std::size_t>(__stop_lutra_embedded - __start_lutra_embedded)};
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
