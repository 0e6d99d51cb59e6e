#include "software/quantization/lowering/weights.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "software/quantization/calibration/histogram.h"
#include "software/quantization/requantise.h"

namespace lutra::quantization {

namespace {

double nearest_code(double value, double scale, int bits) {
  const double half = 1 << (bits - 1);
  return std::clamp(std::floor(value / scale + 0.5), -half, half - 1);
}

double squared_error(std::span<const double> values, double scale, int bits) {
  double error = 0;
  for (const double value : values) {
    const double difference = value - nearest_code(value, scale, bits) * scale;
    error += difference * difference;
  }
  return error;
}

double best_scale(std::span<const double> values, int bits) {
  double peak = 0;
  for (const double value : values) peak = std::max(peak, std::abs(value));
  if (peak < negligible) return 1.0;
  const double widest = peak / ((1 << (bits - 1)) - 1);
  double scale = widest;
  double least = squared_error(values, widest, bits);
  for (int step = search_steps - 1; step >= 1; --step) {
    const double candidate = widest * step / search_steps;
    const double error = squared_error(values, candidate, bits);
    if (error >= least) continue;
    least = error;
    scale = candidate;
  }
  return scale;
}

}  // namespace

network::Weights quantise_uniform(const std::vector<double>& values, int output_channels, int bits) {
  network::Weights weights;
  weights.encoding = network::UniformWeights{bits};
  const std::size_t per_channel = values.size() / static_cast<std::size_t>(output_channels);
  for (std::size_t first = 0; first < values.size(); first += per_channel) {
    const auto channel = std::span(values).subspan(first, per_channel);
    const double scale = best_scale(channel, bits);
    weights.scales.push_back(scale);
    for (const double value : channel)
      weights.values.push_back(static_cast<std::int16_t>(nearest_code(value, scale, bits)));
  }
  return weights;
}

}  // namespace lutra::quantization
