#pragma once

#include "software/network/onnx/onnx_builder.h"

namespace lutra::network::importer {

// The sliding window of a Conv or a pool: strides, dilations, pads and auto_pad (SAME_* resolved for `input`). Refuses
// the node when it is not one over height and width.
Window read_window(const OnnxNode& node, const std::vector<std::int64_t>& kernel, const Shape& input);

}  // namespace lutra::network::importer
