#include <algorithm>

#include "software/network/limits.h"
#include "software/network/onnx/onnx_dims.h"
#include "software/network/onnx/onnx_operators.h"

namespace lutra::network::importer {

namespace {

using Dims = std::vector<std::int64_t>;

// The same elements in the same order under other dims: nothing to do, a flattening (with channels last, the linear
// layer behind it will reorder its columns), or an image out of the network's flat input, which then is an image from
// the start (height x width without channels is an image of one channel). Anything else is refused.
void reinterpret(GraphBuilder& builder, const OnnxNode& node, const Activation& input, const Dims& dims) {
  const Shape shape = builder.shape(input);
  if (dims.size() < 2 || dims.size() > 4 || dims.front() != 1)
    node.refuse("turns {} into {}; the batch of 1 must stay in front of one to three dimensions",
                describe_dims(input.dims), describe_dims(dims));
  const bool reorders = input.channels_last && shape.channels != 1 && shape.height * shape.width != 1;
  if (reorders && dims.size() == 2) {
    Activation result = input;
    result.dims = dims;
    result.channels_last = false;
    result.interleaved = true;
    return builder.define(node, result);
  }
  if (reorders)
    node.refuse("reshapes an image of {} with channels last; only channels first (NCHW) is supported",
                describe_dims(input.dims));
  for (const std::int64_t extent : dims) to_int(node, extent, 1, max_dimension, "an extent");
  Shape target{static_cast<int>(dims[1]), 1, 1};
  if (dims.size() > 2) target.height = static_cast<int>(dims[2]);
  if (dims.size() > 3) target.width = static_cast<int>(dims[3]);

  Activation result = input;
  result.dims = dims;
  result.channels_last = false;
  if (target == shape) return builder.define(node, result);
  const bool is_open = builder.is_untouched_input(input);
  if (is_open && input.dims.size() == 3) builder.reshape_input({1, shape.channels, shape.height});
  if (target.height * target.width == 1) return builder.emit(node, Flatten{}, {input}, result);
  if (!is_open)
    node.refuse("turns {} into {}; only flattening to a vector is supported", describe_dims(input.dims),
                describe_dims(dims));
  builder.reshape_input(target);
  builder.define(node, result);
}

}  // namespace

void import_flatten(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.moved(node, 0);
  const std::size_t axis = to_axis(node, node.integer("axis", 1), input.dims.size());
  if (axis != 1) node.refuse("flattens from axis {}; only axis 1 is supported", axis);
  reinterpret(builder, node, input, {1, builder.shape(input).elements()});
}

void import_reshape(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.moved(node, 0);
  reinterpret(builder, node, input, reshaped_dims(builder, node, input.dims));
}

void import_squeeze(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.moved(node, 0);
  reinterpret(builder, node, input, squeezed_dims(builder, node, input.dims));
}

void import_unsqueeze(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.moved(node, 0);
  reinterpret(builder, node, input, unsqueezed_dims(builder, node, input.dims));
}

void import_transpose(GraphBuilder& builder, const OnnxNode& node) {
  Activation input = builder.moved(node, 0);
  const std::vector<std::size_t> order = permutation(node, input.dims.size());
  Dims dims;
  std::vector<std::size_t> moved;  // the axes that matter, in their new order
  for (const std::size_t axis : order) {
    dims.push_back(input.dims[axis]);
    if (input.dims[axis] != 1) moved.push_back(axis);
  }
  const std::vector<std::size_t> to_last{0, 2, 3, 1};
  const std::vector<std::size_t> to_first{0, 3, 1, 2};
  if (input.dims.size() == 4 && order == (input.channels_last ? to_first : to_last)) {
    input.dims = dims;
    input.channels_last = !input.channels_last;
    return builder.define(node, input);
  }
  if (!std::is_sorted(moved.begin(), moved.end()))
    node.refuse("reorders {} into {}; only a change between channels first and channels last is supported",
                describe_dims(input.dims), describe_dims(dims));
  reinterpret(builder, node, input, dims);
}

void import_shape(GraphBuilder& builder, const OnnxNode& node) {
  const Dims dims = builder.moved(node, 0).dims;
  const auto rank = static_cast<std::int64_t>(dims.size());
  const auto position = [rank](std::int64_t index) {
    return std::clamp<std::int64_t>(index < 0 ? index + rank : index, 0, rank);
  };
  const std::int64_t first = position(node.integer("start", 0));
  const std::int64_t last = std::max(first, position(node.integer("end", rank)));
  builder.define(node, Array{{last - first}, Dims(dims.begin() + first, dims.begin() + last)});
}

void import_identity(GraphBuilder& builder, const OnnxNode& node) {
  builder.define(node, builder.activation_in_any_order(node, 0));
}

void import_dropout(GraphBuilder& builder, const OnnxNode& node) {
  node.real("ratio", 0.5F);
  node.integer("seed", 0);
  if (builder.has_input(node, 2))
    for (const std::int64_t training : builder.integers(node, 2))
      if (training != 0) node.refuse("is in training mode; export the network for inference");
  builder.define(node, builder.activation_in_any_order(node, 0));
}

void import_cast(GraphBuilder& builder, const OnnxNode& node) {
  if (node.integer("to", 0) != onnx::TensorProto::FLOAT) node.refuse("casts a tensor to another type than float");
  node.integer("saturate", 1);  // concerns 8-bit floats only
  builder.define(node, builder.activation(node, 0));
}

}  // namespace lutra::network::importer
