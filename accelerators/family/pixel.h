#pragma once

#include <cstdint>

namespace lutra::accelerators {

// Pixel-packed tensors as accelerators/interface/commands.h lays them; bits 1..8, or 16 and signed.

std::size_t pixel_bytes(int channels, int bits);

void unpack_pixel(const std::uint8_t* bytes, int channels, int bits, bool is_signed, std::int16_t* values);

// The lowest `bits` bits of each value; what is left of the last byte is zero.
void pack_pixel(const std::int16_t* values, int channels, int bits, std::uint8_t* bytes);

}  // namespace lutra::accelerators
