#include "software/quantization/lowering/power_of_two.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "software/common/error.h"
#include "software/quantization/lowering/bias_correction.h"
#include "software/quantization/requantise.h"

namespace lutra::quantization {

namespace {

constexpr int highest_multiplier = 15;  // its exponent
constexpr int search_reach = 2;         // powers of two tried on either side of a fitted scale

double rounded(double value, double scale, int bits) {
  const double half = 1 << (bits - 1);
  return std::clamp(std::floor(value / scale + 0.5), -half, half - 1);
}

// One output channel. `values` may be rounded anew when its weights are integers of `bits`; 0: they are not.
double snap_channel(std::span<const double> wanted, std::span<std::int16_t> values, double scale, int bits) {
  const auto value_at = [&](std::size_t i, double candidate) {
    return bits > 0 ? rounded(wanted[i], candidate, bits) : values[i];
  };
  int exponent = 0;
  std::frexp(scale, &exponent);
  double best = 0;
  double least = -1;
  for (int e = exponent + search_reach; e >= exponent - search_reach; --e) {
    const double candidate = std::ldexp(1.0, e);
    double error = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const double difference = wanted[i] - value_at(i, candidate) * candidate;
      error += difference * difference;
    }
    if (least >= 0 && error >= least) continue;
    least = error;
    best = candidate;
  }
  for (std::size_t i = 0; i < wanted.size(); ++i) values[i] = static_cast<std::int16_t>(value_at(i, best));
  return best;
}

}  // namespace

double power_of_two_above(double value, double root) {
  int exponent = 0;
  const double mantissa = std::frexp(value / root, &exponent);
  double scale = std::ldexp(root, mantissa == 0.5 ? exponent - 1 : exponent);
  if (scale < value) scale *= 2;  // the quotient was rounded down to a power of two
  return scale;
}

double nearest_power_of_two(double value) {
  if (value == 0) return 0;
  int exponent = 0;
  const double mantissa = std::frexp(value, &exponent);
  return std::ldexp(1.0, mantissa * mantissa * 2 < 1 ? exponent - 1 : exponent);
}

network::Requantise make_shift(double multiplier, double offset) {
  if (multiplier == 0) return make_requantise(0, offset);
  int exponent = 0;
  if (!(multiplier > 0) || std::frexp(multiplier, &exponent) != 0.5)
    throw Error(fmt::format(
        "a rescale by {} is not a shift: the scales it joins are not a power of two apart, as behind an average "
        "over a number of pixels that is not one; use requantise: multiplier",
        multiplier));
  --exponent;
  if (exponent > highest_multiplier || exponent < -highest_shift || !(std::abs(offset) < 0x1p45))
    throw Error(
        fmt::format("a rescale by {} with offset {} is outside what a shift of 47 can express", multiplier, offset));
  const int shift = std::max(-exponent, 0);
  if (std::abs(std::ldexp(offset, shift)) >= 0x1p61)
    throw Error(fmt::format("an offset of {} behind a shift of {} is beyond 64 bits", offset, shift));
  const auto bias = static_cast<std::int64_t>(std::floor(std::ldexp(offset, shift) + 0.5));
  const std::int64_t half = shift > 0 ? std::int64_t{1} << (shift - 1) : 0;
  return {static_cast<std::uint16_t>(1u << std::max(exponent, 0)), bias + half, static_cast<std::uint8_t>(shift)};
}

LayerWeights snap_weights(LayerWeights layer, const WeightRequest& request) {
  network::Weights& weights = layer.weights;
  MatrixOperands fitted = request.operands;
  fitted.bias = layer.bias;
  const std::size_t per_channel = weights.values.size() / weights.scales.size();
  for (std::size_t i = 0; i < weights.values.size(); ++i)
    fitted.weights[i] = weights.values[i] * weights.scales[i / per_channel];
  const auto* integers = std::get_if<network::UniformWeights>(&weights.encoding);
  for (std::size_t channel = 0; channel < weights.scales.size(); ++channel) {
    const std::size_t first = channel * per_channel;
    weights.scales[channel] = snap_channel(std::span(request.operands.weights).subspan(first, per_channel),
                                           std::span(weights.values).subspan(first, per_channel),
                                           weights.scales[channel], integers != nullptr ? integers->bits : 0);
  }
  layer.bias = correct_bias(fitted, weights, request.input_means);
  return layer;
}

}  // namespace lutra::quantization
