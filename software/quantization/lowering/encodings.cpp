#include "software/quantization/lowering/encodings.h"

#include <algorithm>
#include <cmath>

namespace lutra::quantization {

namespace {

using network::PlaneAlphabet;

constexpr int lowest_value = -128;
constexpr int highest_value = 127;

}  // namespace

network::PowerOfTwoWeights apot_encoding(int bits) {
  if (bits == 3) return {{{0, 1, 2}}};
  if (bits == 4) return {{{0, 2, 3}, {1}}};
  return {{{1, 3, 5}, {0, 2, 4}}};
}

network::PowerOfTwoWeights power_of_two_encoding(int bits) {
  network::PowerOfTwoWeights encoding{{{}}};
  for (int exponent = 0; exponent < (1 << (bits - 1)) - 1; ++exponent) encoding.terms.front().push_back(exponent);
  return encoding;
}

std::vector<std::int16_t> doubling_coefficients(int planes, bool zero) {
  std::vector<std::int16_t> coefficients;
  for (int plane = 0; plane < planes; ++plane)
    coefficients.push_back(static_cast<std::int16_t>(1 << (zero && plane > 0 ? plane - 1 : plane)));
  return coefficients;
}

network::WeightEncoding unit_sign_encoding(int bits) {
  if (bits == 2) return network::TernaryWeights{};
  return network::UniformWeights{bits};
}

network::PlaneWeights integer_planes(int bits, bool signs) {
  network::PlaneWeights planes;
  planes.planes.assign(static_cast<std::size_t>(bits), signs ? PlaneAlphabet::signs : PlaneAlphabet::positive);
  const int unit = signs ? highest_value / ((1 << bits) - 1) : 1 << (8 - bits);
  for (int plane = 0; plane < bits; ++plane)
    planes.coefficients.push_back(
        static_cast<std::int16_t>((!signs && plane == bits - 1 ? -unit : unit) * (1 << plane)));
  return planes;
}

RoundedCoefficients round_coefficients(const std::vector<double>& real, const std::vector<PlaneAlphabet>& planes) {
  double lowest = 0;
  double highest = 0;
  for (std::size_t plane = 0; plane < real.size(); ++plane) {
    const bool signs = planes[plane] == PlaneAlphabet::signs;
    lowest += signs ? -std::abs(real[plane]) : std::min(0.0, real[plane]);
    highest += signs ? std::abs(real[plane]) : std::max(0.0, real[plane]);
  }
  // Rounding moves a sum by at most half a unit per plane.
  const double slack = 0.5 * static_cast<double>(real.size());
  RoundedCoefficients rounded;
  rounded.unit = std::max(-lowest / (-lowest_value - slack), highest / (highest_value - slack));
  for (const double coefficient : real)
    rounded.integers.push_back(
        rounded.unit > 0 ? static_cast<std::int16_t>(std::floor(coefficient / rounded.unit + 0.5)) : std::int16_t{0});
  return rounded;
}

int plane_letter(PlaneAlphabet alphabet, unsigned code, std::size_t plane) {
  const int bit = static_cast<int>(code >> plane & 1u);
  if (alphabet == PlaneAlphabet::signs) return 2 * bit - 1;
  return alphabet == PlaneAlphabet::positive ? bit : -bit;
}

}  // namespace lutra::quantization
