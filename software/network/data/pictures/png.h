#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "software/network/shape.h"

namespace lutra::network {

bool is_png(std::span<const std::uint8_t> bytes);

// The pixels of a PNG picture, row by row, channels innermost, as the file stores them: palettes and samples below 8
// bits are expanded, gamma and profiles are not applied. A size that is not the shape's is refused by the header alone.
// Takes memory of 4 bytes a pixel and of the file. Throws Error naming `place` for anything else: 16-bit samples,
// pixels that are not opaque, damage.
std::vector<std::uint8_t> read_png(std::span<const std::uint8_t> bytes, const std::string& place, const Shape& shape);

}  // namespace lutra::network
