#include <algorithm>
#include <limits>
#include <numeric>

#include "software/network/limits.h"
#include "software/network/onnx/onnx_dims.h"
#include "software/network/onnx/onnx_operators.h"

namespace lutra::network::importer {

namespace {

// Channel 0, height 1, width 2: where an ONNX axis (not the batch) lies in Slice and Pad.
std::size_t planar_axis(const Activation& tensor, std::size_t axis) {
  if (!tensor.channels_last) return axis - 1;
  return axis == tensor.channel_axis() ? 0 : axis;
}

std::vector<std::int64_t> read_pads(GraphBuilder& builder, const OnnxNode& node) {
  if (builder.has_input(node, 1)) return builder.integers(node, 1);
  const auto pads = node.integers("pads");
  if (!pads) node.refuse("has no pads");
  return *pads;
}

double only_value(const OnnxNode& node, const auto& values) {
  if (values.size() != 1) node.refuse("has {} padding values instead of one", values.size());
  return static_cast<double>(values.front());
}

// What zero is written as: of codes, their zero point.
void expect_zero_padding(GraphBuilder& builder, const OnnxNode& node, const std::optional<Quantise>& codes) {
  const double zero = codes ? codes->zero : 0;
  double value = static_cast<double>(node.real("value", 0));
  if (builder.has_input(node, 2))
    value = codes ? only_value(node, builder.integers(node, 2)) : only_value(node, builder.reals(node, 2));
  if (value != zero || (codes && codes->scale == 0)) node.refuse("pads with {}; only zeros are supported", value);
}

}  // namespace

void import_slice(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.moved(node, 0);
  const std::vector<AxisRange> ranges = sliced_ranges(builder, node, input.dims);
  Slice slice;
  bool is_whole = true;
  for (std::size_t axis = 0; axis < ranges.size(); ++axis) {
    const AxisRange& range = ranges[axis];
    if (range.step < 0) node.refuse("a negative step is not supported");
    if (range.count == 0) node.refuse("yields nothing along axis {} of {}", axis, describe_dims(input.dims));
    if (axis == 0) continue;
    const std::size_t place = planar_axis(input, axis);
    const std::int64_t end = range.start + (range.count - 1) * range.step + 1;
    slice.start[place] = static_cast<int>(range.start);
    slice.end[place] = static_cast<int>(end);
    slice.step[place] = static_cast<int>(std::min<std::int64_t>(range.step, max_dimension));
    is_whole = is_whole && range.count == input.dims[axis];
  }
  if (is_whole) return builder.define(node, input);
  for (std::size_t place = input.dims.size() - 1; place < 3; ++place) slice.end[place] = 1;
  builder.emit(node, slice, {input}, input);
}

void import_pad(GraphBuilder& builder, const OnnxNode& node) {
  const Activation input = builder.moved(node, 0);
  const std::string mode = node.text("mode", "constant");
  if (mode != "constant") node.refuse("mode \"{}\" is not supported; only constant zeros are", printable(mode));
  expect_zero_padding(builder, node, input.codes);

  const std::vector<std::int64_t> pads = read_pads(builder, node);
  std::vector<std::int64_t> axes(input.dims.size());
  std::iota(axes.begin(), axes.end(), 0);
  if (builder.has_input(node, 3)) axes = builder.integers(node, 3);
  if (pads.size() != 2 * axes.size()) node.refuse("has {} pads for {} axes", pads.size(), axes.size());
  Pad pad;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::size_t axis = to_axis(node, axes[i], input.dims.size());
    const int before = to_int(node, pads[i], 0, max_dimension, "padding");
    const int after = to_int(node, pads[i + axes.size()], 0, max_dimension, "padding");
    if (axis == 0) {
      if (before != 0 || after != 0) node.refuse("pads the batch");
      continue;
    }
    pad.before[planar_axis(input, axis)] = before;
    pad.after[planar_axis(input, axis)] = after;
  }
  if (pad.before == std::array<int, 3>{} && pad.after == std::array<int, 3>{}) return builder.define(node, input);
  builder.emit(node, pad, {input}, input);
}

void import_concat(GraphBuilder& builder, const OnnxNode& node) {
  std::vector<Activation> inputs;
  for (int index = 0; index < node.proto().input_size(); ++index) inputs.push_back(builder.moved(node, index));
  const Activation& first = inputs.front();
  constexpr std::int64_t no_axis = std::numeric_limits<std::int64_t>::max();
  const std::size_t axis = to_axis(node, node.integer("axis", no_axis), first.dims.size());
  if (axis != first.channel_axis())
    node.refuse("joins {} along axis {}; only channels can be joined", describe_dims(first.dims), axis);
  for (const Activation& input : inputs)
    if (input.dims.size() != first.dims.size() || input.channels_last != first.channels_last)
      node.refuse("joins {} and {}", describe_dims(first.dims), describe_dims(input.dims));
  for (const Activation& input : inputs)
    if (input.codes != first.codes)
      node.refuse("joins integers of different scales or zero points; put a DequantizeLinear in front of each");
  builder.emit(node, Concat{}, inputs, first);
}

}  // namespace lutra::network::importer
