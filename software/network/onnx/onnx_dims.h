#pragma once

#include "software/network/onnx/onnx_builder.h"

namespace lutra::network::importer {

// How the operators that only move or rename elements read their arguments; the same for tensors and for constants.
// Each refuses the node for arguments that do not fit `dims`.

// Reshape's target, with 0 and -1 resolved.
std::vector<std::int64_t> reshaped_dims(GraphBuilder& builder, const OnnxNode& node,
                                        const std::vector<std::int64_t>& dims);
std::vector<std::int64_t> squeezed_dims(GraphBuilder& builder, const OnnxNode& node,
                                        const std::vector<std::int64_t>& dims);
std::vector<std::int64_t> unsqueezed_dims(GraphBuilder& builder, const OnnxNode& node,
                                          const std::vector<std::int64_t>& dims);

// The order of Transpose: output axis i is input axis result[i].
std::vector<std::size_t> permutation(const OnnxNode& node, std::size_t rank);

// `count` elements of an axis: start, start + step, ...
struct AxisRange {
  std::int64_t start = 0;
  std::int64_t step = 1;
  std::int64_t count = 0;
};

// Slice's range of every axis; the whole axis where it names none.
std::vector<AxisRange> sliced_ranges(GraphBuilder& builder, const OnnxNode& node,
                                     const std::vector<std::int64_t>& dims);

}  // namespace lutra::network::importer
