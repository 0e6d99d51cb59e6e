#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace lutra::test {

// Values laid pixel by pixel as accelerators/interface/commands.h says, written bit by bit.
inline std::vector<std::uint8_t> pack_pixels(const std::vector<int>& values, int channels, int bits) {
  const std::size_t pixel_bytes = static_cast<std::size_t>((channels * bits + 7) / 8);
  std::vector<std::uint8_t> bytes(values.size() / channels * pixel_bytes);
  for (std::size_t i = 0; i < values.size(); ++i)
    for (int b = 0; b < bits; ++b) {
      const std::size_t bit = i / channels * pixel_bytes * 8 + i % channels * bits + b;
      const unsigned value = static_cast<unsigned>(values[i]) >> b & 1u;
      bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] | value << bit % 8);
    }
  return bytes;
}

inline std::vector<int> unpack_pixels(const std::vector<std::uint8_t>& bytes, int channels, int bits, bool is_signed) {
  const std::size_t pixel_bytes = static_cast<std::size_t>((channels * bits + 7) / 8);
  std::vector<int> values;
  for (std::size_t first = 0; first + pixel_bytes <= bytes.size(); first += pixel_bytes)
    for (int c = 0; c < channels; ++c) {
      int value = 0;
      for (int b = 0; b < bits; ++b) {
        const std::size_t bit = static_cast<std::size_t>(c * bits + b);
        value |= (bytes[first + bit / 8] >> bit % 8 & 1) << b;
      }
      if (is_signed && value >= 1 << (bits - 1)) value -= 1 << bits;
      values.push_back(value);
    }
  return values;
}

// A generator whose draws are the same on every machine.
class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  int between(int low, int high) {
    const std::int64_t first = low;
    return static_cast<int>(first + static_cast<std::int64_t>(engine_() % (high - first + 1)));
  }
  bool chance(int in) { return between(1, in) == 1; }
  int code(int bits, bool is_signed) {
    return is_signed ? between(-(1 << (bits - 1)), (1 << (bits - 1)) - 1) : between(0, (1 << bits) - 1);
  }

 private:
  std::mt19937 engine_;
};

}  // namespace lutra::test
