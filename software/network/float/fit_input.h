#pragma once

#include "software/network/float/graph.h"

namespace lutra::network {

// A network that takes a flat vector, as one that takes images of `image` and flattens them itself. A network that
// already takes `image`, or whose vector has another number of elements, comes back as it is.
Graph fit_input(Graph graph, const Shape& image);

}  // namespace lutra::network
