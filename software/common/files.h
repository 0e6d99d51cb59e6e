#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lutra {

// The whole file. Throws Error naming the path when it cannot be read or is larger than `limit_bytes`.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path,
                                    std::uintmax_t limit_bytes = std::uintmax_t{4} << 30);

std::string read_text_file(const std::filesystem::path& path);

// Writes to a temporary name in the same folder (created when absent) and renames, so that a reader sees the old file
// or the new one. Throws Error naming the path.
void write_file(const std::filesystem::path& path, std::string_view content);

// The same, and it is still there after the machine loses power: file and folder are synced.
void write_file_durably(const std::filesystem::path& path, std::string_view content);

// Throws what write_file would throw into this folder (created when absent), before there is anything to lose.
void require_writable(const std::filesystem::path& folder);

}  // namespace lutra
