#include "software/network/limits.h"
#include "software/network/onnx/onnx_operators.h"
#include "software/network/onnx/onnx_window.h"

namespace lutra::network::importer {

namespace {

// [outputs][inputs] from a matrix stored that way, or its transpose.
std::vector<float> matrix(const std::vector<float>& values, std::size_t outputs, std::size_t inputs, bool outputs_first,
                          float factor) {
  std::vector<float> result(values.size());
  for (std::size_t o = 0; o < outputs; ++o)
    for (std::size_t i = 0; i < inputs; ++i)
      result[o * inputs + i] = factor * values[outputs_first ? o * inputs + i : i * outputs + o];
  return result;
}

// The columns of a matrix for (row, column, channel) as those of one for (channel, row, column).
std::vector<float> planar_columns(const std::vector<float>& matrix, const Shape& shape) {
  const auto channels = static_cast<std::size_t>(shape.channels);
  const auto pixels = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  std::vector<float> result(matrix.size());
  for (std::size_t row = 0; row < matrix.size(); row += channels * pixels)
    for (std::size_t channel = 0; channel < channels; ++channel)
      for (std::size_t pixel = 0; pixel < pixels; ++pixel)
        result[row + channel * pixels + pixel] = matrix[row + pixel * channels + channel];
  return result;
}

void emit_linear(GraphBuilder& builder, const OnnxNode& node, bool outputs_first, float factor,
                 std::vector<float> bias) {
  const Activation input = builder.activation_in_any_order(node, 0);
  if (input.dims.size() != 2)
    node.refuse("takes a vector (batch x features); its input is {}", describe_dims(input.dims));
  const std::vector<std::int64_t>& dims = builder.constant(node, 1)->dims;
  if (dims.size() != 2) node.refuse("its matrix must have two dimensions, not {}", describe_dims(dims));
  const std::int64_t outputs = dims[outputs_first ? 0 : 1];
  const std::int64_t inputs = dims[outputs_first ? 1 : 0];
  if (inputs != input.dims[1])
    node.refuse("its matrix of {} does not fit an input of {}", describe_dims(dims), describe_dims(input.dims));
  Linear linear;
  linear.outputs = to_int(node, outputs, 1, max_dimension, "the number of outputs");
  linear.weights = matrix(builder.reals(node, 1), static_cast<std::size_t>(outputs), static_cast<std::size_t>(inputs),
                          outputs_first, factor);
  if (input.interleaved) linear.weights = planar_columns(linear.weights, builder.shape(input));
  if (bias.size() == 1) bias.resize(static_cast<std::size_t>(outputs), bias.front());
  linear.bias = std::move(bias);
  builder.emit_vector(node, std::move(linear), input);
}

}  // namespace

void import_conv(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.activation(node, 0);
  const std::vector<std::int64_t>& dims = builder.constant(node, 1)->dims;
  if (dims.size() != 4 || input.dims.size() != 4)
    node.refuse("weights of {} over {}: only 2-D convolutions are supported", describe_dims(dims),
                describe_dims(input.dims));
  builder.image(node, 0);
  const Shape shape = builder.shape(input);
  const std::vector<std::int64_t> kernel{dims[2], dims[3]};
  if (const auto declared = node.integers("kernel_shape"); declared && *declared != kernel)
    node.refuse("its kernel_shape {} contradicts weights of {}", describe_dims(*declared), describe_dims(dims));

  Convolution convolution;
  convolution.groups = to_int(node, node.integer("group", 1), 1, max_dimension, "the number of groups");
  convolution.output_channels = to_int(node, dims[0], 1, max_dimension, "the number of output channels");
  if (shape.channels % convolution.groups != 0 || dims[1] != shape.channels / convolution.groups)
    node.refuse("weights of {} in {} groups do not fit an input of {}", describe_dims(dims), convolution.groups,
                describe_dims(input.dims));
  convolution.window = read_window(node, kernel, shape);
  convolution.weights = builder.reals(node, 1);
  if (builder.has_input(node, 2)) convolution.bias = builder.reals(node, 2);
  builder.emit(node, std::move(convolution), {input}, input);
}

void import_gemm(GraphBuilder& builder, const OnnxNode& node) {
  if (node.integer("transA", 0) != 0) node.refuse("transA is not supported: a batch has one image");
  const bool outputs_first = node.integer("transB", 0) != 0;
  const float alpha = node.real("alpha", 1);
  const float beta = node.real("beta", 1);
  std::vector<float> bias;
  if (builder.has_input(node, 2)) {
    bias = builder.reals(node, 2);
    const std::vector<std::int64_t>& dims = builder.constant(node, 2)->dims;
    if (dims.size() > 2 || (dims.size() == 2 && dims[0] != 1) || bias.empty())
      node.refuse("its bias of {} is not one value per output", describe_dims(dims));
    for (float& value : bias) value *= beta;
  }
  emit_linear(builder, node, outputs_first, alpha, std::move(bias));
}

void import_matmul(GraphBuilder& builder, const OnnxNode& node) { emit_linear(builder, node, false, 1, {}); }

void import_batch_normalization(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.activation(node, 0);
  if (input.channels_last) builder.image(node, 0);
  if (node.integer("training_mode", 0) != 0) node.refuse("is in training mode; export the network for inference");
  if (node.integer("spatial", 1) != 1) node.refuse("spatial=0 is not supported");
  node.real("momentum", 0.9F);
  BatchNormalization normalization;
  normalization.epsilon = node.real("epsilon", 1e-5F);
  normalization.scale = builder.reals(node, 1);
  normalization.bias = builder.reals(node, 2);
  normalization.mean = builder.reals(node, 3);
  normalization.variance = builder.reals(node, 4);
  builder.emit(node, std::move(normalization), {input}, input);
}

}  // namespace lutra::network::importer
