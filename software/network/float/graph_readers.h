#pragma once

#include "software/network/float/graph.h"

namespace lutra::network {

// How often each tensor is read, indexed by TensorId; being the output counts as once.
std::vector<int> count_readers(const Graph& graph);

}  // namespace lutra::network
