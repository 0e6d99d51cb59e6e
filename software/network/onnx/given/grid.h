#pragma once

#include "software/network/onnx/onnx_builder.h"

namespace lutra::network::importer {

// What the inputs of a node say about integers: value = (code - zero) * scale, of all or for each index of an axis.
struct Grid {
  std::vector<double> scales;
  std::vector<double> zeros;  // as many
  int low = 0;                // of the codes' type
  int high = 255;
};

// Scale and zero point at these inputs; a zero point that is absent is 0 of uint8. Each refuses the node for what is no
// scale, no zero point, or has several lengths.
Grid read_grid(GraphBuilder& builder, const OnnxNode& node, int scale, int zero);

// The codes of a tensor, rounded as QuantizeLinear does. Refuses a grid that differs from channel to channel: a layer
// that adds up channels could not take it.
Quantise one_grid(const OnnxNode& node, const Grid& grid);

// The constant as values, with the integers they stand for; `axis` is that of several scales.
Constant dequantised(const OnnxNode& node, const Array& codes, const Grid& grid, std::size_t axis);

// The values of input `index`, which are codes of that grid: those that the file has written, or the network's input.
Activation values_of_codes(GraphBuilder& builder, const OnnxNode& node, int index, const Grid& grid);

// Ends a node of integers: the values become codes of that grid.
void define_codes(GraphBuilder& builder, const OnnxNode& node, const Activation& values, const Grid& grid);

}  // namespace lutra::network::importer
