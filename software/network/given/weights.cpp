#include "software/network/given/weights.h"

#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"

namespace lutra::network::given {

namespace {

int bits_of(int lowest, int highest) {
  int bits = 2;
  while (lowest < -(1 << (bits - 1)) || highest >= 1 << (bits - 1)) ++bits;
  return bits;
}

}  // namespace

Weights take_weights(const GivenIntegers& given, const std::string& place) {
  constexpr int most_bits = 8;
  Weights weights;
  weights.values = given.values;
  weights.scales = given.scales;
  const auto [lowest, highest] = std::ranges::minmax(given.values);
  const int needed = bits_of(lowest, highest);
  if (needed > most_bits)
    throw Error(fmt::format(
        "{}: its weights, less their zero point, reach {}..{}, beyond the {} bits of a weight; quantise them "
        "symmetrically (zero point 0, or 128 of uint8)",
        place, lowest, highest, most_bits));
  const bool is_signs = given.bits == 1 && std::ranges::all_of(given.values, [](int value) { return value != 0; });
  if (is_signs && lowest >= -1 && highest <= 1) {
    PlaneWeights signs;
    signs.planes = {PlaneAlphabet::signs};
    signs.coefficients.assign(given.scales.size(), 1);
    weights.encoding = signs;
  } else if (given.bits <= 2 && lowest >= -1 && highest <= 1) {
    weights.encoding = TernaryWeights{};
  } else {
    weights.encoding = UniformWeights{std::clamp(given.bits, needed, most_bits)};
  }
  return weights;
}

}  // namespace lutra::network::given
