#include "software/network/onnx/onnx_window.h"

#include <algorithm>
#include <array>

#include "software/network/limits.h"

namespace lutra::network::importer {

namespace {

std::array<int, 2> per_axis(const OnnxNode& node, const char* attribute) {
  const auto values = node.integers(attribute).value_or(std::vector<std::int64_t>{1, 1});
  if (values.size() != 2) node.refuse("has {} values in \"{}\" instead of 2", values.size(), attribute);
  return {to_int(node, values[0], 1, max_window_side, attribute),
          to_int(node, values[1], 1, max_window_side, attribute)};
}

// Padding before and after along one axis so that the output has ceil(in / stride) positions.
std::array<int, 2> same_padding(int in, int kernel, int stride, int dilation, bool extra_at_end) {
  const int positions = (in + stride - 1) / stride;
  const int total = std::max((positions - 1) * stride + dilation * (kernel - 1) + 1 - in, 0);
  const int smaller = total / 2;
  return extra_at_end ? std::array{smaller, total - smaller} : std::array{total - smaller, smaller};
}

bool divides_evenly(int in, int pad, int kernel, int dilation, int stride) {
  const int room = in + pad - dilation * (kernel - 1) - 1;
  return room >= 0 && room % stride == 0;
}

}  // namespace

Window read_window(const OnnxNode& node, const std::vector<std::int64_t>& kernel, const Shape& input) {
  if (kernel.size() != 2) node.refuse("has a {}-dimensional window; only height x width is supported", kernel.size());
  Window window;
  window.height = to_int(node, kernel[0], 1, max_window_side, "window height");
  window.width = to_int(node, kernel[1], 1, max_window_side, "window width");
  const auto strides = per_axis(node, "strides");
  window.stride_y = strides[0];
  window.stride_x = strides[1];
  const auto dilations = per_axis(node, "dilations");
  window.dilation_y = dilations[0];
  window.dilation_x = dilations[1];

  const std::string mode = node.text("auto_pad", "NOTSET");
  auto pads = node.integers("pads").value_or(std::vector<std::int64_t>{0, 0, 0, 0});
  if (pads.size() != 4) node.refuse("has {} values in \"pads\" instead of 4", pads.size());
  if (mode == "SAME_UPPER" || mode == "SAME_LOWER") {
    const bool upper = mode == "SAME_UPPER";
    const auto vertical = same_padding(input.height, window.height, window.stride_y, window.dilation_y, upper);
    const auto horizontal = same_padding(input.width, window.width, window.stride_x, window.dilation_x, upper);
    const std::vector<std::int64_t> same{vertical[0], horizontal[0], vertical[1], horizontal[1]};
    if (pads != std::vector<std::int64_t>{0, 0, 0, 0} && pads != same) node.refuse("has pads beside auto_pad {}", mode);
    pads = same;
  } else if (mode == "VALID") {
    if (pads != std::vector<std::int64_t>{0, 0, 0, 0}) node.refuse("has pads beside auto_pad VALID");
  } else if (mode != "NOTSET" && !mode.empty()) {
    node.refuse("auto_pad \"{}\" is unknown; NOTSET, SAME_UPPER, SAME_LOWER and VALID are supported", printable(mode));
  }
  window.pad_top = to_int(node, pads[0], 0, max_window_side, "padding");
  window.pad_left = to_int(node, pads[1], 0, max_window_side, "padding");
  window.pad_bottom = to_int(node, pads[2], 0, max_window_side, "padding");
  window.pad_right = to_int(node, pads[3], 0, max_window_side, "padding");
  return window;
}

Window read_pool_window(const OnnxNode& node, const Shape& input) {
  const auto kernel = node.integers("kernel_shape");
  if (!kernel) node.refuse("has no kernel_shape");
  const Window window = read_window(node, *kernel, input);
  const bool even =
      divides_evenly(input.height, window.pad_top + window.pad_bottom, window.height, window.dilation_y,
                     window.stride_y) &&
      divides_evenly(input.width, window.pad_left + window.pad_right, window.width, window.dilation_x, window.stride_x);
  if (node.integer("ceil_mode", 0) != 0 && !even)
    node.refuse("ceil_mode=1 is not supported where it adds a row or a column; export with ceil_mode=0");
  return window;
}

}  // namespace lutra::network::importer
