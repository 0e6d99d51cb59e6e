#include "accelerators/bit_serial/planes.h"

#include <fmt/format.h>

#include "software/common/error.h"
#include "software/network/encoding/encoding.h"

namespace lutra::accelerators::bit_serial {

namespace {

constexpr int coefficients_bit = 1;
constexpr int ones_bit = 2;
constexpr int levels_bit = 4;

using network::PlaneAlphabet;
using network::PlaneWeights;

bool has_signs(const PlaneWeights& encoding) {
  for (const PlaneAlphabet alphabet : encoding.planes)
    if (alphabet == PlaneAlphabet::signs) return true;
  return false;
}

std::uint8_t code_of(int value, std::span<const std::int16_t> coefficients, int planes, bool ones) {
  const int constant = ones ? coefficients[static_cast<std::size_t>(planes)] : 0;
  for (unsigned code = 0; code < 1u << planes; ++code) {
    int sum = constant;
    for (int k = 0; k < planes; ++k)
      if ((code >> k & 1u) != 0) sum += coefficients[static_cast<std::size_t>(k)];
    if (sum == value) return static_cast<std::uint8_t>(code);
  }
  throw Error(fmt::format("weight {} is not a sum of its {} planes", value, planes));
}

}  // namespace

Planes planes_of(const MatrixTile& tile) {
  return {tile.weight_bits, (tile.weight_format & coefficients_bit) != 0, (tile.weight_format & ones_bit) != 0,
          (tile.weight_format & levels_bit) != 0};
}

int format_of(const Planes& planes) {
  return (planes.coefficients ? coefficients_bit : 0) | (planes.ones ? ones_bit : 0) | (planes.levels ? levels_bit : 0);
}

Planes planes_of(const network::WeightEncoding& encoding, const network::ActivationEncoding& activation) {
  Planes planes;
  planes.levels = !activation.levels.empty();
  if (const auto* weights = std::get_if<PlaneWeights>(&encoding)) {
    planes.weight_planes = static_cast<int>(weights->planes.size());
    planes.coefficients = true;
    planes.ones = has_signs(*weights);
  } else {
    planes.weight_planes = network::value_bits(encoding);
  }
  return planes;
}

std::vector<std::uint8_t> plane_codes(const WeightBlock& block, const network::WeightEncoding& encoding) {
  std::vector<std::uint8_t> codes;
  codes.reserve(block.values.size());
  const auto* weights = std::get_if<PlaneWeights>(&encoding);
  if (weights == nullptr) {
    const int bits = network::value_bits(encoding);
    const int half = 1 << (bits - 1);
    for (const std::int16_t value : block.values) {
      if (value < -half || value >= half)
        throw Error(fmt::format("weight {} does not fit {} signed bits", value, bits));
      codes.push_back(static_cast<std::uint8_t>(value & (2 * half - 1)));
    }
    return codes;
  }
  const auto planes = static_cast<int>(weights->planes.size());
  const std::size_t per_channel = block.values.size() / static_cast<std::size_t>(block.channels);
  for (int channel = 0; channel < block.channels; ++channel) {
    const auto coefficients = plane_coefficients(*weights, block.first_output + channel);
    for (std::size_t i = 0; i < per_channel; ++i)
      codes.push_back(code_of(block.values[static_cast<std::size_t>(channel) * per_channel + i], coefficients, planes,
                              has_signs(*weights)));
  }
  return codes;
}

std::vector<std::int16_t> plane_coefficients(const PlaneWeights& encoding, int output_channel) {
  const std::size_t planes = encoding.planes.size();
  std::vector<std::int16_t> coefficients;
  int constant = 0;
  for (std::size_t k = 0; k < planes; ++k) {
    const int written = encoding.coefficients.at(static_cast<std::size_t>(output_channel) * planes + k);
    int coefficient = written;
    if (encoding.planes[k] == PlaneAlphabet::negative) coefficient = -written;
    if (encoding.planes[k] == PlaneAlphabet::signs) {  // c * (2 b - 1)
      coefficient = 2 * written;
      constant -= written;
    }
    coefficients.push_back(static_cast<std::int16_t>(coefficient));
  }
  if (has_signs(encoding)) coefficients.push_back(static_cast<std::int16_t>(constant));
  return coefficients;
}

std::string refuses_levels(const network::ActivationEncoding& activation) {
  for (std::size_t code = 0; code < activation.levels.size(); ++code) {
    int sum = 0;
    for (int k = 0; k < activation.bits; ++k)
      if ((code >> k & 1u) != 0) sum += activation.levels[std::size_t{1} << k];
    if (sum != activation.levels[code])
      return fmt::format("activation level {} is {}, not the sum {} of its bits' levels", code, activation.levels[code],
                         sum);
  }
  return {};
}

}  // namespace lutra::accelerators::bit_serial
