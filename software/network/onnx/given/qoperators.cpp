#include <algorithm>

#include "software/network/onnx/given/grid.h"
#include "software/network/onnx/onnx_layers.h"
#include "software/network/onnx/onnx_operators.h"
#include "software/network/onnx/onnx_window.h"

// Operators on integers: each is its float operator between the values of its codes and new codes. Those of the domain
// com.microsoft are what ONNX Runtime's quantiser writes.

namespace lutra::network::importer {

namespace {

// The int32 bias of a layer: its scale is that of the products.
Constant layer_bias(const OnnxNode& node, const Array& bias, double input_scale, const Array& weights) {
  Grid grid;
  for (const double scale : weights.integers->scales) grid.scales.push_back(scale * input_scale);
  grid.zeros.resize(grid.scales.size());
  return dequantised(node, bias, grid, bias.dims.empty() ? 0 : bias.dims.size() - 1);
}

// Integers that are added up and stay integers: the values are those of the input's codes divided by their scale.
Activation integer_sums(GraphBuilder& builder, const OnnxNode& node, Grid& weights) {
  Activation input = builder.activation_in_any_order(node, 0);
  if (!input.codes || input.codes->scale == 0)
    node.refuse("needs codes that a QuantizeLinear with constant scale has made");
  double zero = 0;
  if (builder.has_input(node, 2)) {
    const std::vector<std::int64_t>& zeros = builder.integers(node, 2);
    if (zeros.size() != 1) node.refuse("has {} zero points of its input instead of one", zeros.size());
    zero = static_cast<double>(zeros.front());
  }
  if (zero != input.codes->zero) node.refuse("its zero point {} is not that of its input, {}", zero, input.codes->zero);
  weights.zeros = {0};
  if (builder.has_input(node, 3)) {
    builder.charge(builder.integers(node, 3).size());
    weights.zeros.clear();
    for (const std::int64_t value : builder.integers(node, 3)) weights.zeros.push_back(static_cast<double>(value));
    if (weights.zeros.empty()) weights.zeros = {0};
  }
  weights.scales.assign(weights.zeros.size(), 1 / input.codes->scale);
  input.codes.reset();
  return input;
}

Activation add_node(GraphBuilder& builder, const OnnxNode& node, Operator op, const Activation& input) {
  return builder.append(node, std::move(op), {input}, input);
}

}  // namespace

void import_qlinear_conv(GraphBuilder& builder, const OnnxNode& node) {
  const Grid input = read_grid(builder, node, 1, 2);
  LayerOperands operands{values_of_codes(builder, node, 0, input), nullptr, nullptr};
  operands.weights = dequantised(node, *builder.constant(node, 3), read_grid(builder, node, 4, 5), 0);
  if (builder.has_input(node, 8))
    operands.bias = layer_bias(node, *builder.constant(node, 8), input.scales.front(), *operands.weights);
  define_codes(builder, node, append_convolution(builder, node, operands), read_grid(builder, node, 6, 7));
}

void import_qlinear_matmul(GraphBuilder& builder, const OnnxNode& node) {
  const Grid input = read_grid(builder, node, 1, 2);
  LayerOperands operands{values_of_codes(builder, node, 0, input), nullptr, nullptr};
  operands.weights = dequantised(node, *builder.constant(node, 3), read_grid(builder, node, 4, 5), 1);
  define_codes(builder, node, append_linear(builder, node, operands, false), read_grid(builder, node, 6, 7));
}

void import_qgemm(GraphBuilder& builder, const OnnxNode& node) {
  if (node.integer("transA", 0) != 0) node.refuse("transA is not supported: a batch has one image");
  const bool outputs_first = node.integer("transB", 0) != 0;
  const float alpha = node.real("alpha", 1);
  const Grid input = read_grid(builder, node, 1, 2);
  LayerOperands operands{values_of_codes(builder, node, 0, input), nullptr, nullptr};
  operands.weights =
      dequantised(node, *builder.constant(node, 3), read_grid(builder, node, 4, 5), outputs_first ? 0 : 1);
  if (builder.has_input(node, 6))
    operands.bias = layer_bias(node, *builder.constant(node, 6), input.scales.front(), *operands.weights);
  const Activation sums = append_linear(builder, node, operands, outputs_first, alpha, alpha);
  if (builder.has_input(node, 7)) return define_codes(builder, node, sums, read_grid(builder, node, 7, 8));
  builder.define(node, sums);
}

void import_qlinear_add(GraphBuilder& builder, const OnnxNode& node) {
  for (const int index : {0, 3})
    if (std::holds_alternative<Constant>(builder.input(node, index)))
      node.refuse("adds a constant; only two tensors can be added");
  const Activation left = values_of_codes(builder, node, 0, read_grid(builder, node, 1, 2));
  const Activation right = values_of_codes(builder, node, 3, read_grid(builder, node, 4, 5));
  if (left.dims != right.dims || left.channels_last != right.channels_last)
    node.refuse("adds {} and {}; only tensors of equal shape can be added", describe_dims(left.dims),
                describe_dims(right.dims));
  define_codes(builder, node, builder.append(node, Add{}, {left, right}, left), read_grid(builder, node, 6, 7));
}

void import_qlinear_global_average_pool(GraphBuilder& builder, const OnnxNode& node) {
  Activation input = values_of_codes(builder, node, 0, read_grid(builder, node, 1, 2));
  if ((node.integer("channels_last", 0) != 0) != input.channels_last)
    node.refuse("its attribute channels_last contradicts the tensor it reads");
  AveragePool pool;
  pool.window.height = builder.shape(input).height;
  pool.window.width = builder.shape(input).width;
  define_codes(builder, node, add_node(builder, node, pool, input), read_grid(builder, node, 3, 4));
}

void import_qlinear_average_pool(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = values_of_codes(builder, node, 0, read_grid(builder, node, 1, 2));
  if (node.integer("channels_last", 0) != 0 || input.channels_last)
    node.refuse("works on an image with channels last; only channels first (NCHW) is supported");
  AveragePool pool;
  pool.window = read_pool_window(node, builder.shape(input));
  pool.count_padding = node.integer("count_include_pad", 0) != 0;
  define_codes(builder, node, add_node(builder, node, pool, input), read_grid(builder, node, 3, 4));
}

void import_qlinear_leaky_relu(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = values_of_codes(builder, node, 0, read_grid(builder, node, 1, 2));
  const PRelu slope{{node.real("alpha", 0.01F)}};
  define_codes(builder, node, add_node(builder, node, slope, input), read_grid(builder, node, 3, 4));
}

void import_qlinear_concat(GraphBuilder& builder, const OnnxNode& node) {
  if (node.proto().input_size() < 5 || node.proto().input_size() % 3 != 2)
    node.refuse("has {} inputs; a scale, a zero point and three for each tensor are needed", node.proto().input_size());
  std::vector<Activation> inputs;
  for (int index = 2; index < node.proto().input_size(); index += 3)
    inputs.push_back(values_of_codes(builder, node, index, read_grid(builder, node, index + 1, index + 2)));
  const Activation& first = inputs.front();
  if (to_axis(node, node.integer("axis", 1), first.dims.size()) != first.channel_axis())
    node.refuse("joins {} along another axis than the channels", describe_dims(first.dims));
  for (const Activation& input : inputs)
    if (input.dims.size() != first.dims.size() || input.channels_last != first.channels_last)
      node.refuse("joins {} and {}", describe_dims(first.dims), describe_dims(input.dims));
  define_codes(builder, node, builder.append(node, Concat{}, inputs, first), read_grid(builder, node, 0, 1));
}

void import_conv_integer(GraphBuilder& builder, const OnnxNode& node) {
  Grid grid;
  LayerOperands operands{integer_sums(builder, node, grid), nullptr, nullptr};
  operands.weights = dequantised(node, *builder.constant(node, 1), grid, 0);
  builder.define(node, append_convolution(builder, node, operands));
}

void import_matmul_integer(GraphBuilder& builder, const OnnxNode& node) {
  Grid grid;
  LayerOperands operands{integer_sums(builder, node, grid), nullptr, nullptr};
  operands.weights = dequantised(node, *builder.constant(node, 1), grid, 1);
  builder.define(node, append_linear(builder, node, operands, false));
}

}  // namespace lutra::network::importer
