#pragma once

#include <functional>
#include <optional>

#include "software/exploration/point/inputs.h"
#include "software/network/data/dataset.h"
#include "software/network/float/graph.h"
#include "software/network/quantised/quantised_network.h"
#include "software/quantization/progressive/progressive.h"
#include "software/result/result.h"
#include "software/scenario/scenario.h"

namespace lutra::exploration {

// A scenario's networks, loaded and lowered.
struct Prepared {
  std::optional<network::Graph> graph;  // the float network; absent where the scenario names only a quantised file
  std::optional<GivenNetwork> given;    // what `network` was taken from, where a file came quantised
  network::QuantisedNetwork network;
  result::SchemeFacts scheme;
};

// What a scheme that chooses bits asks of a network, where that is not its memory: its cost, measured on the
// calibration images.
using MeasuredCost =
    std::function<quantization::NetworkCost(const network::Dataset& images, quantization::Progressive::Measure)>;

// Throws Error naming what is missing and the way out.
Prepared prepare(const scenario::Scenario& scenario, Inputs& inputs, const MeasuredCost& cost);

// The same around a network that was quantised before; without the float network.
Prepared prepare_stored(const scenario::Scenario& scenario, network::QuantisedNetwork network);

}  // namespace lutra::exploration
