#pragma once

#include <optional>
#include <string>
#include <vector>

#include "software/network/float/graph.h"

namespace lutra::quantization {

// A tensor as the second operand of an addition: operand(c, y, x) = source(c - channel_offset, y * stride_y, x *
// stride_x), zero where the channel does not exist.
struct SkipView {
  network::TensorId source = -1;
  int stride_y = 1;
  int stride_x = 1;
  int channel_offset = 0;
};

// Nodes of a graph that become one operation: an anchor, then what its post-processing takes in, in this order.
struct Layer {
  std::string name;                       // the anchor's, made up where the node has none
  network::Operator op;                   // the anchor: Add and the activations stand for an elementwise operation
  std::vector<network::TensorId> inputs;  // as the anchor reads them; an addition's other operand is `skip`
  network::TensorId anchor_output = -1;   // what the anchor alone yields
  std::optional<SkipView> skip;
  network::TensorId sum = -1;           // after the addition; anchor_output without one
  std::optional<network::Clip> clip;    // either this
  std::optional<network::PRelu> prelu;  // or this
  network::TensorId output = -1;
  std::vector<std::string> nodes;  // the names of all of its nodes, the anchor's first
  std::size_t position = 0;        // of its last node in the graph
};

struct LayeredGraph {
  std::vector<Layer> layers;      // in execution order; only what the output depends on
  network::TensorId output = -1;  // without a final Softmax
};

// Fuses a valid graph. A node joins the layer before it when it alone reads that layer's result. Throws Error naming
// the node for a Softmax that is not the last node, and for a Flatten of several pixels that something else than a
// linear layer or an elementwise activation reads.
LayeredGraph make_layers(const network::Graph& graph);

}  // namespace lutra::quantization
