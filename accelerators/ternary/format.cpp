#include "accelerators/ternary/format.h"

#include <fmt/format.h>

#include <bit>
#include <cstdlib>

#include "software/common/error.h"
#include "software/network/encoding/encoding.h"

namespace lutra::accelerators::ternary {

namespace {

int output_channels(const network::WeightEncoding& encoding) {
  const auto* planes = std::get_if<network::PlaneWeights>(&encoding);
  return planes == nullptr ? 1 : static_cast<int>(planes->coefficients.size() / planes->planes.size());
}

}  // namespace

std::optional<Format> Format::of(int number) {
  for (const bool ternary_activations : {false, true})
    for (const WeightForm form : {WeightForm::ternary, WeightForm::planes, WeightForm::shifted})
      if (const Format format{form, ternary_activations}; format.number() == number) return format;
  return std::nullopt;
}

int weight_planes(WeightForm form, int bits) { return form == WeightForm::planes ? bits : 1; }

int plane_code_bits(WeightForm form) { return form == WeightForm::planes ? 1 : code_bits; }

std::optional<int> output_shift(const network::WeightEncoding& encoding, int output_channel) {
  int magnitude = 0;
  for (const int value : network::weight_values(encoding, output_channel)) {
    if (value == 0) continue;
    if (magnitude != 0 && std::abs(value) != magnitude) return std::nullopt;
    magnitude = std::abs(value);
  }
  if (magnitude == 0) return 0;
  if (!std::has_single_bit(static_cast<unsigned>(magnitude))) return std::nullopt;
  return std::countr_zero(static_cast<unsigned>(magnitude));
}

std::string refuses_weights(const network::WeightEncoding& encoding, int widest) {
  if (const auto* uniform = std::get_if<network::UniformWeights>(&encoding)) {
    if (uniform->bits <= widest) return {};
    return fmt::format("{}-bit weights, and the array takes planes of up to {} bits (weight_bits)", uniform->bits,
                       widest);
  }
  for (int channel = 0; channel < output_channels(encoding); ++channel)
    if (!output_shift(encoding, channel))
      return fmt::format(
          "weights of {}: output channel {} has other values than -2^s, 0 and 2^s; families that can: shift_add for "
          "sums of powers of two, mac for any",
          network::encoding_name(encoding), channel);
  return {};
}

WeightShape weight_shape(const network::WeightEncoding& encoding) {
  if (const auto* uniform = std::get_if<network::UniformWeights>(&encoding)) return {WeightForm::planes, uniform->bits};
  if (std::holds_alternative<network::TernaryWeights>(encoding)) return {WeightForm::ternary, code_bits};
  return {WeightForm::shifted, code_bits};
}

std::uint8_t weight_code(int value, int bits, int shift) {
  const int half = 1 << (bits - 1);
  const int scaled = value / (1 << shift);
  if (scaled * (1 << shift) != value || scaled < -half || scaled >= half)
    throw Error(fmt::format("weight {} is no {}-bit integer times {}", value, bits, 1 << shift));
  return static_cast<std::uint8_t>(scaled & (2 * half - 1));
}

}  // namespace lutra::accelerators::ternary
