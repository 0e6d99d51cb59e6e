#pragma once

#include "software/network/graph.h"

namespace lutra::network {

// Both take a valid graph and keep what it computes.

// Every BatchNormalization that alone reads a Conv, a Gemm or another BatchNormalization goes into that node, in double
// precision. The others stay. The surviving node keeps its name.
Graph fold_batch_normalization(const Graph& graph);

// Without the nodes and tensors that the output does not depend on. The input tensor stays.
Graph remove_unused(Graph graph);

}  // namespace lutra::network
