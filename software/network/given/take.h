#pragma once

#include <string>
#include <vector>

#include "software/network/data/dataset.h"
#include "software/network/float/graph.h"
#include "software/network/given/inexact.h"
#include "software/network/quantised/quantised_network.h"

namespace lutra::network::given {

// A tensor of the file, and the edge that holds its codes.
struct Held {
  TensorId tensor = -1;
  EdgeId edge = -1;
  double scale = 1;  // value = (code - zero) * scale
  double zero = 0;
};

struct Taken {
  QuantisedNetwork network;
  std::vector<Difference> differences;  // empty: every code is the file's, whatever the image
  std::vector<Held> held;               // in the order of execution
};

// The integers of a network that comes quantised (import_any_onnx). Its codes, scales and zero points are the file's;
// nothing is calibrated. A final Softmax is dropped, with what quantises it. `normalisation` says what a pixel stands
// for.
//
// Throws Error naming the node, the reason and the way out for what integers cannot express, and, with Inexact::refuse,
// for an operation whose rounding they cannot meet.
Taken take(const Graph& graph, const Normalisation& normalisation, Inexact inexact);

}  // namespace lutra::network::given
