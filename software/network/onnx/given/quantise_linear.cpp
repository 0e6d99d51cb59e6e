#include <cmath>

#include "software/network/float/quantise.h"
#include "software/network/onnx/given/grid.h"
#include "software/network/onnx/onnx_operators.h"

namespace lutra::network::importer {

namespace {

// Attributes that change what the operator computes. `rank` is that of the tensor.
std::size_t read_axis(const OnnxNode& node, const Grid& grid, std::size_t rank) {
  if (node.integer("block_size", 0) != 0)
    node.refuse("has scales for blocks of a channel; only one, or one for each channel, can be taken");
  node.integer("saturate", 1);  // concerns 8-bit floats only
  node.integer("precision", 0);
  const std::int64_t axis = node.integer("axis", 1);
  return grid.scales.size() > 1 ? to_axis(node, axis, rank) : 0;
}

int type_of_codes(GraphBuilder& builder, const OnnxNode& node) {
  const auto type = static_cast<int>(node.integer("output_dtype", 0));
  if (type != 0) return type;
  return builder.has_input(node, 2) ? builder.constant(node, 2)->type : onnx::TensorProto::UINT8;
}

Grid read_output_grid(GraphBuilder& builder, const OnnxNode& node) {
  Grid grid = read_grid(builder, node, 1, 2);
  const auto type = static_cast<int>(node.integer("output_dtype", 0));
  if (type == 0) return grid;
  const auto codes = codes_of_type(type);
  if (!codes) node.refuse("its output_dtype {} is none of integers of 4 to 16 bits", type);
  grid.low = codes->low;
  grid.high = codes->high;
  return grid;
}

}  // namespace

void import_quantize_linear(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.flat(node, 0);
  const Grid grid = read_output_grid(builder, node);
  read_axis(node, grid, input.dims.size());
  define_codes(builder, node, input, grid);
}

void import_dequantize_linear(GraphBuilder& builder, const OnnxNode& node) {
  const Grid grid = read_grid(builder, node, 1, 2);
  read_axis(node, grid, builder.activation_in_any_order(node, 0).dims.size());
  node.integer("output_dtype", 0);
  builder.define(node, values_of_codes(builder, node, 0, grid));
}

void fold_quantize_linear(GraphBuilder& builder, const OnnxNode& node) {
  const Constant input = builder.constant(node, 0);
  const std::vector<float>& values = builder.reals(node, 0);
  const Grid grid = read_output_grid(builder, node);
  const std::size_t axis = read_axis(node, grid, input->dims.size());
  const std::size_t count = grid.scales.size();
  if (count > 1 && input->dims[axis] != static_cast<std::int64_t>(count))
    node.refuse("{} scales do not fit axis {} of {}", count, axis, describe_dims(input->dims));
  std::size_t inner = 1;
  for (std::size_t later = axis + 1; later < input->dims.size(); ++later)
    inner *= static_cast<std::size_t>(input->dims[later]);
  std::vector<std::int64_t> codes;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) node.refuse("quantises {}", values[i]);
    Quantise quantise;
    quantise.scale = grid.scales[i / inner % count];
    quantise.zero = grid.zeros[i / inner % count];
    quantise.low = grid.low;
    quantise.high = grid.high;
    quantise.zero_last = true;
    codes.push_back(code_of(quantise, static_cast<double>(values[i])));
  }
  Array array{input->dims, std::move(codes)};
  array.type = type_of_codes(builder, node);
  builder.define(node, std::move(array));
}

void fold_dequantize_linear(GraphBuilder& builder, const OnnxNode& node) {
  const Constant codes = builder.constant(node, 0);
  const Grid grid = read_grid(builder, node, 1, 2);
  const std::size_t axis = read_axis(node, grid, codes->dims.size());
  node.integer("output_dtype", 0);
  builder.define_new(node, dequantised(node, *codes, grid, axis));
}

}  // namespace lutra::network::importer
