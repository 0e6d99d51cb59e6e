#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "software/network/shape.h"

namespace lutra::network {

// What a picture's file may have: a million bytes, and 8 for each number of the shape.
std::size_t largest_picture_bytes(const Shape& shape);

// Whether a file of this name is taken for a picture.
bool is_picture_name(const std::string& name);

// A PNG or JPEG picture, told by its first bytes, of a shape of 1 or 3 channels: [channel][row][column]. Throws Error
// naming `place`.
std::vector<std::uint8_t> read_picture(std::span<const std::uint8_t> bytes, const std::string& place,
                                       const Shape& shape);

}  // namespace lutra::network
