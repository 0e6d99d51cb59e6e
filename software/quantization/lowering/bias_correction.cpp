#include "software/quantization/lowering/bias_correction.h"

namespace lutra::quantization {

std::vector<double> correct_bias(const MatrixOperands& operands, const network::Weights& rounded,
                                 const std::vector<double>& input_means) {
  std::vector<double> bias = operands.bias;
  const std::size_t outputs = bias.size();
  const std::size_t per_output = operands.weights.size() / outputs;
  const std::size_t groups = static_cast<std::size_t>(operands.groups);
  const std::size_t means_per_group = input_means.size() / groups;
  const std::size_t weights_per_mean = per_output / means_per_group;
  for (std::size_t output = 0; output < outputs; ++output) {
    const std::size_t first_mean = output / (outputs / groups) * means_per_group;
    double shift = 0;
    for (std::size_t i = 0; i < per_output; ++i) {
      const std::size_t weight = output * per_output + i;
      const double rounding = operands.weights[weight] - rounded.values[weight] * rounded.scales[output];
      shift += rounding * input_means[first_mean + i / weights_per_mean];
    }
    bias[output] += shift;
  }
  return bias;
}

}  // namespace lutra::quantization
