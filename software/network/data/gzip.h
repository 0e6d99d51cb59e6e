#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace lutra::network {

// What a gzip file may unpack to: this many bytes, and so many times its own size. Networks take 11 times theirs,
// images 5 times.
inline constexpr std::size_t least_unpacked_limit = std::size_t{16} << 20;
inline constexpr std::size_t most_unpacked_times = 128;

bool is_gzip(std::span<const std::uint8_t> bytes);

// The content of a gzip file, of all its members; bytes that are not gzip come back as they are. The content is counted
// before memory is taken for it. Throws Error naming `place` for damaged or truncated data, for bytes after the end,
// and for a content above `limit_bytes` or above what a file of that size may unpack to.
std::vector<std::uint8_t> decompress(std::vector<std::uint8_t> bytes, const std::string& place,
                                     std::size_t limit_bytes);

}  // namespace lutra::network
