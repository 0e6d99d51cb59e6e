#include "software/network/onnx/onnx_layers.h"

#include <limits>

#include "software/network/limits.h"
#include "software/network/onnx/onnx_operators.h"
#include "software/network/onnx/onnx_window.h"

namespace lutra::network::importer {

namespace {

// [outputs][inputs] from a matrix stored that way, or its transpose.
template <typename Value>
std::vector<Value> matrix(const std::vector<Value>& values, std::size_t outputs, std::size_t inputs,
                          bool outputs_first) {
  std::vector<Value> result(values.size());
  for (std::size_t o = 0; o < outputs; ++o)
    for (std::size_t i = 0; i < inputs; ++i)
      result[o * inputs + i] = values[outputs_first ? o * inputs + i : i * outputs + o];
  return result;
}

// The columns of a matrix for (row, column, channel) as those of one for (channel, row, column).
template <typename Value>
std::vector<Value> planar_columns(const std::vector<Value>& matrix, const Shape& shape) {
  const auto channels = static_cast<std::size_t>(shape.channels);
  const auto pixels = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  std::vector<Value> result(matrix.size());
  for (std::size_t row = 0; row < matrix.size(); row += channels * pixels)
    for (std::size_t channel = 0; channel < channels; ++channel)
      for (std::size_t pixel = 0; pixel < pixels; ++pixel)
        result[row + channel * pixels + pixel] = matrix[row + pixel * channels + channel];
  return result;
}

const std::vector<float>& reals_of(const OnnxNode& node, const Array& array, const char* what) {
  const auto* values = std::get_if<std::vector<float>>(&array.values);
  if (!values) node.refuse("its {} must be float values, not integers", what);
  return *values;
}

// The integers of a layer's weights, if the file has them; outputs are counted along `axis`.
std::optional<GivenIntegers> given_integers(const OnnxNode& node, const Array& weights, std::size_t axis) {
  if (!weights.integers) return std::nullopt;
  const Integers& integers = *weights.integers;
  if (integers.scales.size() > 1 && integers.axis != axis)
    node.refuse("its weights have a scale for each input; only one, or one for each output, can be taken");
  GivenIntegers given;
  for (const std::int32_t value : integers.values) {
    if (value < std::numeric_limits<std::int16_t>::min() || value > std::numeric_limits<std::int16_t>::max())
      node.refuse("its weight {}, less its zero point, needs more than 16 bits", value);
    given.values.push_back(static_cast<std::int16_t>(value));
  }
  given.scales = integers.scales;
  given.bits = integers.bits;
  if (given.scales.size() == 1) given.scales.resize(static_cast<std::size_t>(weights.dims[axis]), given.scales[0]);
  return given;
}

}  // namespace

std::vector<double> exact_values(const OnnxNode& node, const Array& array) {
  if (!array.integers) {
    const std::vector<float>& values = reals_of(node, array, "constant");
    return {values.begin(), values.end()};
  }
  std::size_t inner = 1;
  for (std::size_t axis = array.integers->axis + 1; axis < array.dims.size(); ++axis)
    inner *= static_cast<std::size_t>(array.dims[axis]);
  const std::vector<double>& scales = array.integers->scales;
  std::vector<double> values;
  for (std::size_t i = 0; i < array.integers->values.size(); ++i)
    values.push_back(array.integers->values[i] * scales[i / inner % scales.size()]);
  return values;
}

Activation append_convolution(GraphBuilder& builder, const OnnxNode& node, const LayerOperands& operands) {
  const Activation& input = operands.input;
  const std::vector<std::int64_t>& dims = operands.weights->dims;
  if (dims.size() != 4 || input.dims.size() != 4)
    node.refuse("weights of {} over {}: only 2-D convolutions are supported", describe_dims(dims),
                describe_dims(input.dims));
  if (input.channels_last) node.refuse("works on an image with channels last; only channels first (NCHW) is supported");
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
  convolution.weights = reals_of(node, *operands.weights, "weights");
  convolution.given = given_integers(node, *operands.weights, 0);
  if (operands.bias) {
    convolution.bias = reals_of(node, *operands.bias, "bias");
    if (convolution.given) convolution.given->bias = exact_values(node, *operands.bias);
  }
  return builder.append(node, std::move(convolution), {input}, input);
}

Activation append_linear(GraphBuilder& builder, const OnnxNode& node, const LayerOperands& operands, bool outputs_first,
                         float factor, float bias_factor) {
  const Activation& input = operands.input;
  if (input.dims.size() != 2)
    node.refuse("takes a vector (batch x features); its input is {}", describe_dims(input.dims));
  const std::vector<std::int64_t>& dims = operands.weights->dims;
  if (dims.size() != 2) node.refuse("its matrix must have two dimensions, not {}", describe_dims(dims));
  const std::int64_t outputs = dims[outputs_first ? 0 : 1];
  const std::int64_t inputs = dims[outputs_first ? 1 : 0];
  if (inputs != input.dims[1])
    node.refuse("its matrix of {} does not fit an input of {}", describe_dims(dims), describe_dims(input.dims));
  const auto ordered = [&](const auto& values) {
    auto rows = matrix(values, static_cast<std::size_t>(outputs), static_cast<std::size_t>(inputs), outputs_first);
    return input.interleaved ? planar_columns(rows, builder.shape(input)) : rows;
  };
  Linear linear;
  linear.outputs = to_int(node, outputs, 1, max_dimension, "the number of outputs");
  linear.weights = ordered(reals_of(node, *operands.weights, "matrix"));
  for (float& weight : linear.weights) weight *= factor;
  linear.given = given_integers(node, *operands.weights, outputs_first ? 0 : 1);
  if (linear.given) {
    linear.given->values = ordered(linear.given->values);
    for (double& scale : linear.given->scales) scale *= static_cast<double>(factor);
  }
  if (operands.bias) {
    linear.bias = reals_of(node, *operands.bias, "bias");
    for (float& value : linear.bias) value *= bias_factor;
    if (linear.bias.size() == 1) linear.bias.resize(static_cast<std::size_t>(outputs), linear.bias.front());
    if (linear.given) {
      std::vector<double>& bias = linear.given->bias = exact_values(node, *operands.bias);
      for (double& value : bias) value *= static_cast<double>(bias_factor);
      if (bias.size() == 1) bias.resize(static_cast<std::size_t>(outputs), bias.front());
    }
  }
  return builder.append_vector(node, std::move(linear), input);
}

void import_conv(GraphBuilder& builder, const OnnxNode& node) {
  LayerOperands operands{builder.activation(node, 0), builder.constant(node, 1), nullptr};
  if (builder.has_input(node, 2)) operands.bias = builder.constant(node, 2);
  builder.define(node, append_convolution(builder, node, operands));
}

void import_gemm(GraphBuilder& builder, const OnnxNode& node) {
  if (node.integer("transA", 0) != 0) node.refuse("transA is not supported: a batch has one image");
  const bool outputs_first = node.integer("transB", 0) != 0;
  const float alpha = node.real("alpha", 1);
  const float beta = node.real("beta", 1);
  LayerOperands operands{builder.flat(node, 0), builder.constant(node, 1), nullptr};
  if (builder.has_input(node, 2)) {
    operands.bias = builder.constant(node, 2);
    const std::vector<std::int64_t>& dims = operands.bias->dims;
    if (dims.size() > 2 || (dims.size() == 2 && dims[0] != 1) || operands.bias->size() == 0)
      node.refuse("its bias of {} is not one value per output", describe_dims(dims));
  }
  builder.define(node, append_linear(builder, node, operands, outputs_first, alpha, beta));
}

void import_matmul(GraphBuilder& builder, const OnnxNode& node) {
  builder.define(node,
                 append_linear(builder, node, {builder.flat(node, 0), builder.constant(node, 1), nullptr}, false));
}

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
