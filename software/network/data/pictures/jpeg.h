#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "software/network/shape.h"

namespace lutra::network {

bool is_jpeg(std::span<const std::uint8_t> bytes);

// The pixels of a JPEG picture, row by row, channels innermost; the orientation that a camera noted is not applied. A
// size that is not the shape's is refused by the header alone. Takes memory of 16 bytes a pixel, sides rounded up to
// 32, and at most 500 passes over it. Throws Error naming `place` for anything else: CMYK, damage that would be patched
// over.
std::vector<std::uint8_t> read_jpeg(std::span<const std::uint8_t> bytes, const std::string& place, const Shape& shape);

}  // namespace lutra::network
