#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include "software/network/float/graph.h"
#include "software/quantization/lowering/activations.h"

namespace lutra::quantization {

// The graph whose nodes read every tensor of `codes` clipped to the values that its codes reach, but for the reads
// {node, input} in `streams`. Ranges in a network trained with few levels are those behind the clips: without them
// values grow from layer to layer. The clipped tensors stand behind all others: ids keep their meaning.
network::Graph saturated(const network::Graph& graph, const std::map<network::TensorId, CodeChoice>& codes,
                         const std::set<std::pair<std::size_t, std::size_t>>& streams);

}  // namespace lutra::quantization
