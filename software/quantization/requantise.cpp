#include "software/quantization/requantise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "software/common/error.h"

namespace lutra::quantization {

namespace {

constexpr int multiplier_bits = 16;
constexpr int bias_bits = 54;

}  // namespace

std::int64_t round_half_up(double value) { return static_cast<std::int64_t>(std::floor(value + 0.5)); }

network::Requantise make_requantise(double multiplier, double offset) {
  if (!(multiplier >= 0) || multiplier >= 0x1p16 || !(std::abs(offset) < 0x1p45))
    throw Error(fmt::format("a rescale by {} with offset {} is outside what 16 bits and a shift can express",
                            multiplier, offset));
  if (multiplier == 1.0 && offset == 0.0) return {1, 0, 0};
  int exponent = 0;
  std::frexp(multiplier, &exponent);
  int offset_exponent = 0;
  std::frexp(offset, &offset_exponent);
  int shift = std::min({multiplier_bits - exponent, highest_shift, bias_bits - offset_exponent});
  std::int64_t scaled = round_half_up(std::ldexp(multiplier, shift));
  if (scaled == std::int64_t{1} << multiplier_bits) scaled = round_half_up(std::ldexp(multiplier, --shift));
  if (shift < 0)
    throw Error(fmt::format("a rescale by {} is outside what 16 bits and a shift can express", multiplier));
  const auto offset_scaled = static_cast<std::int64_t>(std::floor(std::ldexp(offset, shift) + 0.5));
  const std::int64_t half = shift > 0 ? std::int64_t{1} << (shift - 1) : 0;
  return {static_cast<std::uint16_t>(scaled), offset_scaled + half, static_cast<std::uint8_t>(shift)};
}

}  // namespace lutra::quantization
