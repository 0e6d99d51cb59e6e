#include <algorithm>

#include "software/network/limits.h"
#include "software/network/onnx/onnx_operators.h"
#include "software/network/onnx/onnx_window.h"

namespace lutra::network::importer {

namespace {

Window whole_image(const OnnxNode& node, const Shape& input) {
  Window window;
  window.height = to_int(node, input.height, 1, max_window_side, "the height of a global pool");
  window.width = to_int(node, input.width, 1, max_window_side, "the width of a global pool");
  return window;
}

// The axes of a Reduce operator: an input since opset 18, an attribute before.
std::vector<std::size_t> reduced_axes(GraphBuilder& builder, const OnnxNode& node, std::size_t rank) {
  std::vector<std::int64_t> listed = node.integers("axes").value_or(std::vector<std::int64_t>{});
  if (builder.has_input(node, 1)) listed = builder.integers(node, 1);
  std::vector<std::size_t> axes;
  for (const std::int64_t axis : listed) axes.push_back(to_axis(node, axis, rank));
  std::sort(axes.begin(), axes.end());
  return axes;
}

}  // namespace

void import_max_pool(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.moved_image(node, 0);
  node.integer("storage_order", 0);  // concerns the indices only
  builder.emit(node, MaxPool{read_pool_window(node, builder.shape(input))}, {input}, input);
}

void import_average_pool(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.image(node, 0);
  AveragePool pool;
  pool.window = read_pool_window(node, builder.shape(input));
  pool.count_padding = node.integer("count_include_pad", 0) != 0;
  builder.emit(node, pool, {input}, input);
}

void import_global_average_pool(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.image(node, 0);
  builder.emit(node, AveragePool{whole_image(node, builder.shape(input))}, {input}, input);
}

void import_global_max_pool(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.moved_image(node, 0);
  builder.emit(node, MaxPool{whole_image(node, builder.shape(input))}, {input}, input);
}

void import_reduce_mean(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.image(node, 0);
  const bool keeps_dims = node.integer("keepdims", 1) != 0;
  node.integer("noop_with_empty_axes", 0);
  if (reduced_axes(builder, node, input.dims.size()) != std::vector<std::size_t>{2, 3})
    node.refuse("only a mean over height and width (axes 2 and 3) is supported");
  const AveragePool pool{whole_image(node, builder.shape(input))};
  if (keeps_dims) return builder.emit(node, pool, {input}, input);
  builder.emit_vector(node, pool, input);
}

}  // namespace lutra::network::importer
