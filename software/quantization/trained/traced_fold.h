#pragma once

#include <vector>

#include "software/network/float/graph.h"

namespace lutra::quantization {

// A graph with batch normalisation folded, without what its output does not depend on.
struct TracedFold {
  network::Graph graph;
  std::vector<network::TensorId> origin;  // by tensor of `graph`: the tensor of the unfolded one
};

TracedFold fold_and_trace(const network::Graph& graph);

}  // namespace lutra::quantization
