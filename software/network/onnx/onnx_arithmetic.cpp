#include <functional>

#include "software/network/onnx/onnx_layers.h"
#include "software/network/onnx/onnx_operators.h"

namespace lutra::network::importer {

namespace {

// The tensor and the constant of a two-input node, whichever side they are on.
struct Operands {
  Activation tensor;
  std::vector<float> values;  // of the constant, per channel
  std::vector<double> exact;  // the same as the file means them
  bool constant_first = false;
};

bool is_constant(GraphBuilder& builder, const OnnxNode& node, int index) {
  return std::holds_alternative<Constant>(builder.input(node, index));
}

Operands read_operands(GraphBuilder& builder, const OnnxNode& node) {
  Operands operands;
  operands.constant_first = is_constant(builder, node, 0);
  if (!operands.constant_first && !is_constant(builder, node, 1))
    node.refuse("combines two tensors; this operator is supported with a constant only");
  operands.tensor = builder.activation(node, operands.constant_first ? 1 : 0);
  const int constant = operands.constant_first ? 0 : 1;
  operands.values = builder.channel_values(node, constant, operands.tensor);
  operands.exact = exact_values(node, *builder.constant(node, constant));
  operands.exact.resize(operands.values.size(), operands.exact.front());
  return operands;
}

// y = scale * (x - mean) + bias
struct Affine {
  float scale = 1;
  float mean = 0;
  float bias = 0;
};

void emit_affine(GraphBuilder& builder, const OnnxNode& node, const Operands& operands,
                 const std::function<Affine(float)>& affine) {
  BatchNormalization normalization;
  normalization.epsilon = 0;
  for (const float value : operands.values) {
    const Affine channel = affine(value);
    normalization.scale.push_back(channel.scale);
    normalization.mean.push_back(channel.mean);
    normalization.bias.push_back(channel.bias);
    normalization.variance.push_back(1);
  }
  builder.emit(node, std::move(normalization), {operands.tensor}, operands.tensor);
}

template <typename Value>
void add_each(std::vector<Value>& bias, const std::vector<Value>& values, float sign) {
  bias.resize(values.size());
  for (std::size_t channel = 0; channel < bias.size(); ++channel)
    bias[channel] += static_cast<Value>(sign) * values[channel];
}

bool add_to_bias(GraphBuilder& builder, const OnnxNode& node, const Operands& operands, float sign) {
  const auto add = [&](auto* layer) {
    if (!layer) return false;
    add_each(layer->bias, operands.values, sign);
    if (layer->given) add_each(layer->given->bias, operands.exact, sign);
    builder.define(node, operands.tensor);
    return true;
  };
  Node* producer = builder.exclusive_producer(operands.tensor);
  return producer && (add(std::get_if<Convolution>(&producer->op)) || add(std::get_if<Linear>(&producer->op)));
}

}  // namespace

void import_add(GraphBuilder& builder, const OnnxNode& node) {
  if (node.proto().input_size() != 2) node.refuse("has {} inputs; two can be added", node.proto().input_size());
  if (!is_constant(builder, node, 0) && !is_constant(builder, node, 1)) {
    const Activation left = builder.activation(node, 0);
    const Activation right = builder.activation(node, 1);
    if (left.dims != right.dims || left.channels_last != right.channels_last)
      node.refuse("adds {} and {}; only tensors of equal shape can be added", describe_dims(left.dims),
                  describe_dims(right.dims));
    return builder.emit(node, Add{}, {left, right}, left);
  }
  const Operands operands = read_operands(builder, node);
  if (add_to_bias(builder, node, operands, 1)) return;
  emit_affine(builder, node, operands, [](float value) { return Affine{.bias = value}; });
}

void import_sub(GraphBuilder& builder, const OnnxNode& node) {
  const Operands operands = read_operands(builder, node);
  if (operands.constant_first)
    return emit_affine(builder, node, operands, [](float value) { return Affine{.scale = -1, .bias = value}; });
  if (add_to_bias(builder, node, operands, -1)) return;
  emit_affine(builder, node, operands, [](float value) { return Affine{.mean = value}; });
}

void import_mul(GraphBuilder& builder, const OnnxNode& node) {
  emit_affine(builder, node, read_operands(builder, node), [](float value) { return Affine{.scale = value}; });
}

void import_div(GraphBuilder& builder, const OnnxNode& node) {
  const Operands operands = read_operands(builder, node);
  if (operands.constant_first) node.refuse("divides a constant by a tensor, which is not supported");
  for (const float value : operands.values)
    if (value == 0) node.refuse("divides by zero");
  emit_affine(builder, node, operands, [](float value) { return Affine{.scale = 1 / value}; });
}

}  // namespace lutra::network::importer
