#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lutra::network {

// The content of a gzip file; bytes that are not gzip come back as they are. Throws Error naming `place` for damaged or
// truncated data, for bytes after the end, and for a content above `limit_bytes`.
std::vector<std::uint8_t> decompress(std::vector<std::uint8_t> bytes, const std::string& place,
                                     std::size_t limit_bytes);

}  // namespace lutra::network
