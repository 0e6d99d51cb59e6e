#pragma once

#include "software/network/onnx/onnx_builder.h"

namespace lutra::network::importer {

// The sliding window of a Conv or a pool: strides, dilations, pads and auto_pad (SAME_* resolved for `input`). Refuses
// the node when it is not one over height and width.
Window read_window(const OnnxNode& node, const std::vector<std::int64_t>& kernel, const Shape& input);

// The window of a pool: as read_window, with its kernel_shape. Refuses ceil_mode where it changes the shape.
Window read_pool_window(const OnnxNode& node, const Shape& input);

}  // namespace lutra::network::importer
