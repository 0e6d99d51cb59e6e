#include "software/quantization/fit/layer_problem.h"

namespace lutra::quantization {

namespace {

std::vector<double> scaled(std::span<const double> values, double factor) {
  std::vector<double> all;
  for (const double value : values) all.push_back(value * factor);
  return all;
}

}  // namespace

LayerProblem::LayerProblem(const std::vector<GroupMoments>& moments, const MatrixOperands& operands, double input_scale)
    : outputs_(static_cast<std::size_t>(operands.output_channels)) {
  const std::size_t group_weights = operands.weights.size() / moments.size();
  for (std::size_t group = 0; group < moments.size(); ++group)
    groups_.emplace_back(
        moments[group], scaled(std::span(operands.weights).subspan(group * group_weights, group_weights), input_scale));
}

std::vector<GroupMoments> weight_moments(const MatrixOperands& operands, const std::vector<double>& input_means,
                                         double input_scale) {
  const auto groups = static_cast<std::size_t>(operands.groups);
  const std::size_t outputs = operands.bias.size() / groups;
  const std::size_t inputs = operands.weights.size() / operands.bias.size();
  const std::size_t group_means = input_means.size() / groups;
  std::vector<GroupMoments> all(groups);
  for (std::size_t group = 0; group < groups; ++group) {
    GroupMoments& moments = all[group];
    for (std::size_t i = 0; i < inputs; ++i)
      moments.input_means.push_back(input_means[group * group_means + i * group_means / inputs] / input_scale);
    moments.covariance.resize(inputs * inputs);
    for (std::size_t i = 0; i < inputs; ++i) moments.covariance[i * inputs + i] = 1.0;
    const std::size_t first = group * outputs * inputs;
    moments.cross = scaled(std::span(operands.weights).subspan(first, outputs * inputs), input_scale);
    for (std::size_t output = 0; output < outputs; ++output) {
      double mean = operands.bias[group * outputs + output];
      double variance = 0;
      for (std::size_t i = 0; i < inputs; ++i) {
        const double weight = moments.cross[output * inputs + i];
        mean += weight * moments.input_means[i];
        variance += weight * weight;
      }
      moments.target_means.push_back(mean);
      moments.target_variances.push_back(variance);
    }
  }
  return all;
}

}  // namespace lutra::quantization
