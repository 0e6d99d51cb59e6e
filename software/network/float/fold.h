#pragma once

#include "software/network/float/graph.h"

namespace lutra::network {

// All take a valid graph and keep what it computes.

// Every BatchNormalization that alone reads a Conv, a Gemm or another BatchNormalization goes into that node, in double
// precision. The others stay. The surviving node keeps its name.
Graph fold_batch_normalization(const Graph& graph);

// Every Pad of zeros around the image that a Conv or an AveragePool alone reads becomes that node's own padding.
Graph fold_padding(const Graph& graph);

// Every Slice of a Slice that nothing else reads becomes one.
Graph fold_slices(const Graph& graph);

// Every AveragePool that does not count its padding, so that its divisor changes at the border, becomes a sum of
// regions of one divisor each: slices, pools without padding, pads. The last node keeps the name.
Graph spell_out_averages(const Graph& graph);

// What integers can express: averages spelt out, batch normalisation folded, without what is not used.
Graph for_integers(const Graph& graph);

// Without the nodes and tensors that the output does not depend on. The input tensor stays.
Graph remove_unused(Graph graph);

}  // namespace lutra::network
