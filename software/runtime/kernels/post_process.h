#pragma once

#include <stdint.h>

#include "software/program/image.h"

namespace lutra::runtime {

// (x * multiplier + bias) >> shift, saturated at +-2^30: every use clamps to 16 bits or fewer, at once or after adding
// 16 bits more. In 32-bit halves, which is what the hart has.
inline int32_t requantise(const lutra_requantise& r, int32_t x) {
  constexpr int32_t limit = 1 << 30;
  const uint64_t bias = static_cast<uint64_t>(lutra_bias(&r));
  const uint64_t sum =
      static_cast<uint64_t>(static_cast<int64_t>(x) * static_cast<int32_t>(lutra_multiplier(&r))) + bias;
  int32_t high = static_cast<int32_t>(sum >> 32);
  uint32_t low = static_cast<uint32_t>(sum);
  uint32_t shift = r.shift;
  if (shift >= 32) {
    low = static_cast<uint32_t>(high);
    high >>= 31;
    shift -= 32;
  }
  low = low >> shift | static_cast<uint32_t>(high) << 1 << (31 - shift);
  high >>= shift;
  const int32_t result = static_cast<int32_t>(low);
  const bool fits = high == result >> 31 && high == result >> 30;
  return fits ? result : high < 0 ? -limit : limit;
}

inline int32_t clamp(int32_t value, int32_t low, int32_t high) {
  return value < low ? low : value > high ? high : value;
}

inline int32_t saturate16(int32_t value) { return clamp(value, INT16_MIN, INT16_MAX); }

// Outputs of one row: columns [x, x + columns) of channels [channel, channel + channels).
struct OutputRow {
  uint32_t y = 0;
  uint32_t x = 0;
  uint32_t columns = 0;
  uint32_t channel = 0;   // channel * bits is a multiple of 8
  uint32_t channels = 0;  // so is channels * bits, unless these are the tensor's last channels
};

// Turns sums[column][channel] into the operation's stream and codes, and writes them.
void finish(const lutra_op& op, const OutputRow& row, const int32_t* sums);

}  // namespace lutra::runtime
