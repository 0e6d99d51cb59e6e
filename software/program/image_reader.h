#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "software/program/image.h"

namespace lutra::program {

// The header of a program image. Throws Error when the bytes are too few for one.
lutra_image read_header(std::span<const std::uint8_t> image);

// Its operation table. Throws Error when the table does not lie within the image.
std::vector<lutra_op> read_operations(std::span<const std::uint8_t> image);

}  // namespace lutra::program
