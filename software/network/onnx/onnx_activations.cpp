#include <algorithm>

#include "software/network/onnx/onnx_operators.h"

namespace lutra::network::importer {

namespace {

// The bound of a Clip: an input since opset 11, an attribute before.
float bound(GraphBuilder& builder, const OnnxNode& node, int index, const char* attribute, float unbounded) {
  float value = unbounded;
  if (builder.has_input(node, index)) {
    const std::vector<float>& values = builder.reals(node, index);
    if (values.size() != 1) node.refuse("its {} has {} values instead of one", attribute, values.size());
    value = values.front();
  } else {
    value = node.real(attribute, unbounded);
  }
  constexpr float largest = std::numeric_limits<float>::max();
  return value == -largest || value == largest ? unbounded : value;
}

// A slope of [channels], as old exporters write it for an image, is one value per channel unless ONNX broadcasting
// makes it one value per column.
bool is_bare_channel_list(GraphBuilder& builder, const OnnxNode& node, const Activation& input) {
  const std::vector<std::int64_t>& dims = builder.constant(node, 1)->dims;
  return dims.size() == 1 && !input.channels_last && dims.front() == input.dims[1] && dims.front() != input.dims.back();
}

// Relu6 comes as a Relu and a Clip from some exporters: one after the other is one.
void emit_clip(GraphBuilder& builder, const OnnxNode& node, const Clip& clip) {
  const Activation input = builder.activation(node, 0);
  Node* producer = builder.exclusive_producer(input);
  auto* before = producer ? std::get_if<Clip>(&producer->op) : nullptr;
  if (!before || !(clip.low <= clip.high)) return builder.emit(node, clip, {input}, input);
  before->low = std::clamp(before->low, clip.low, clip.high);
  before->high = std::clamp(before->high, clip.low, clip.high);
  builder.define(node, input);
}

}  // namespace

void import_relu(GraphBuilder& builder, const OnnxNode& node) {
  emit_clip(builder, node, Clip{0, std::numeric_limits<float>::infinity()});
}

void import_clip(GraphBuilder& builder, const OnnxNode& node) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  Clip clip;
  clip.low = bound(builder, node, 1, "min", -infinity);
  clip.high = bound(builder, node, 2, "max", infinity);
  emit_clip(builder, node, clip);
}

void import_prelu(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.activation(node, 0);
  PRelu prelu;
  prelu.slope =
      is_bare_channel_list(builder, node, input) ? builder.reals(node, 1) : builder.channel_values(node, 1, input);
  builder.emit(node, std::move(prelu), {input}, input);
}

void import_leaky_relu(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.activation(node, 0);
  builder.emit(node, PRelu{{node.real("alpha", 0.01F)}}, {input}, input);
}

void import_softmax(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.activation(node, 0);
  constexpr std::int64_t axis_is_last_since = 13;
  const bool flattens = builder.opset() < axis_is_last_since;
  const std::size_t axis = to_axis(node, node.integer("axis", flattens ? 1 : -1), input.dims.size());
  const Shape shape = builder.shape(input);
  if (axis != input.channel_axis() || (flattens && shape.height * shape.width != 1))
    node.refuse("works along axis {} of {}; only the channel axis is supported", axis, describe_dims(input.dims));
  builder.emit(node, Softmax{}, {input}, input);
}

}  // namespace lutra::network::importer
