#include "accelerators/family/pixel.h"

namespace lutra::accelerators {

std::size_t pixel_bytes(int channels, int bits) { return (static_cast<std::size_t>(channels) * bits + 7) / 8; }

void unpack_pixel(const std::uint8_t* bytes, int channels, int bits, bool is_signed, std::int16_t* values) {
  if (bits == 16) {
    for (int c = 0; c < channels; ++c) values[c] = static_cast<std::int16_t>(bytes[2 * c] | bytes[2 * c + 1] << 8);
  } else if (bits == 8 && is_signed) {
    for (int c = 0; c < channels; ++c) values[c] = static_cast<std::int8_t>(bytes[c]);
  } else if (bits == 8) {
    for (int c = 0; c < channels; ++c) values[c] = bytes[c];
  } else {
    const unsigned mask = (1u << bits) - 1;
    const unsigned sign = is_signed ? 1u << (bits - 1) : 0;
    unsigned held = 0;
    int held_bits = 0;
    for (int c = 0; c < channels; ++c) {
      if (held_bits < bits) {
        held |= static_cast<unsigned>(*bytes++) << held_bits;
        held_bits += 8;
      }
      values[c] = static_cast<std::int16_t>(((held & mask) ^ sign) - sign);
      held >>= bits;
      held_bits -= bits;
    }
  }
}

void pack_pixel(const std::int16_t* values, int channels, int bits, std::uint8_t* bytes) {
  const unsigned mask = (1u << bits) - 1;
  unsigned held = 0;
  int held_bits = 0;
  for (int c = 0; c < channels; ++c) {
    held |= (static_cast<unsigned>(values[c]) & mask) << held_bits;
    held_bits += bits;
    for (; held_bits >= 8; held_bits -= 8, held >>= 8) *bytes++ = static_cast<std::uint8_t>(held);
  }
  if (held_bits > 0) *bytes = static_cast<std::uint8_t>(held);
}

}  // namespace lutra::accelerators
