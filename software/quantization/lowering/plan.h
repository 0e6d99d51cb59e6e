#pragma once

#include <vector>

#include "software/quantization/lowering/layers.h"

namespace lutra::quantization {

// Of a tensor in what is indexed by TensorId.
inline std::size_t index(network::TensorId tensor) { return static_cast<std::size_t>(tensor); }

// In which forms the tensors of a layered graph have to exist; indexed by TensorId.
struct Plan {
  std::vector<bool> codes;         // some operation reads its codes as plain integers
  std::vector<bool> coded;         // some matrix operation reads it in the scheme's activation coding
  std::vector<bool> stream;        // some addition reads its 16-bit stream, or it is the logits
  std::vector<bool> non_negative;  // proven by the graph
};

// `wide_skip`: additions read streams wherever there can be one. There can be none of what is not post-processed (the
// input, concatenations, slices, pads) nor of what is clipped other than below zero: the stream is taken before
// clipping. `has_coding`, by TensorId: matrix operations read the tensor in the scheme's activation coding; what else
// reads codes reads plain ones.
Plan make_plan(const network::Graph& graph, const LayeredGraph& layered, bool input_non_negative, bool wide_skip,
               const std::vector<bool>& has_coding);

// The layer multiplies its input by weights.
bool is_matrix(const Layer& layer);

// The layer clips at zero from below and nowhere else.
bool is_relu(const Layer& layer);

}  // namespace lutra::quantization
