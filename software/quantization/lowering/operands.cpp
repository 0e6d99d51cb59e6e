#include "software/quantization/lowering/operands.h"

#include <cmath>

namespace lutra::quantization {

namespace {

std::vector<double> bias_or_zero(const std::vector<float>& bias, int outputs) {
  if (bias.empty()) return std::vector<double>(static_cast<std::size_t>(outputs));
  return {bias.begin(), bias.end()};
}

MatrixOperands of(const network::Convolution& op) {
  return {op.window,
          op.groups,
          op.output_channels,
          {op.weights.begin(), op.weights.end()},
          bias_or_zero(op.bias, op.output_channels)};
}

MatrixOperands of(const network::Linear& op, const network::Shape& input) {
  network::Window window;
  window.height = input.height;
  window.width = input.width;
  return {window, 1, op.outputs, {op.weights.begin(), op.weights.end()}, bias_or_zero(op.bias, op.outputs)};
}

MatrixOperands of(const network::BatchNormalization& op, const network::Shape& input) {
  MatrixOperands operands{{}, input.channels, input.channels, {}, {}};
  for (std::size_t channel = 0; channel < op.scale.size(); ++channel) {
    const double deviation = std::sqrt(static_cast<double>(op.variance[channel]) + op.epsilon);
    operands.weights.push_back(op.scale[channel] / deviation);
    operands.bias.push_back(op.bias[channel] - op.mean[channel] * operands.weights.back());
  }
  return operands;
}

}  // namespace

MatrixOperands matrix_operands(const network::Operator& op, const network::Shape& input) {
  if (const auto* convolution = std::get_if<network::Convolution>(&op)) return of(*convolution);
  if (const auto* linear = std::get_if<network::Linear>(&op)) return of(*linear, input);
  return of(std::get<network::BatchNormalization>(op), input);
}

}  // namespace lutra::quantization
