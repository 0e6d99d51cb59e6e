#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lutra {

// Of a text that is read: a thousand times what Lutra's own files have.
inline constexpr std::uintmax_t largest_text_bytes = std::uintmax_t{16} << 20;

// The whole file, in memory of its size. Throws Error naming the path when it cannot be read, is larger than
// `limit_bytes`, or is no regular file: a pipe, a device or a folder is refused at once, and never waited for.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path,
                                    std::uintmax_t limit_bytes = std::uintmax_t{1} << 30);

// The same, of at most largest_text_bytes.
std::string read_text_file(const std::filesystem::path& path);

// Writes to a temporary name in the same folder (created when absent) and renames, so that a reader sees the old file
// or the new one. Throws Error naming the path.
void write_file(const std::filesystem::path& path, std::string_view content);

// The same, and it is still there after the machine loses power: file and folder are synced.
void write_file_durably(const std::filesystem::path& path, std::string_view content);

// Throws what write_file would throw into this folder (created when absent), before there is anything to lose.
void require_writable(const std::filesystem::path& folder);

}  // namespace lutra
