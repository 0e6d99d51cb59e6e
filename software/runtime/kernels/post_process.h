#pragma once

#include <stdint.h>

#include "accelerators/interface/image.h"

namespace lutra::runtime {

// (x * multiplier + bias) >> shift
inline int64_t requantise(const lutra_requantise& r, int32_t x) {
  const int64_t bias =
      static_cast<int64_t>(static_cast<uint64_t>(static_cast<uint32_t>(r.bias_high)) << 32 | r.bias_low);
  return (static_cast<int64_t>(x) * r.multiplier + bias) >> r.shift;
}

inline int32_t clamp(int64_t value, int32_t low, int32_t high) {
  return value < low ? low : value > high ? high : static_cast<int32_t>(value);
}

inline int32_t saturate16(int64_t value) { return clamp(value, INT16_MIN, INT16_MAX); }

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
