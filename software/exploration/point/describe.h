#pragma once

#include <string>

#include "software/costs/tables.h"
#include "software/exploration/point/inputs.h"
#include "software/network/float/graph.h"
#include "software/network/quantised/quantised_network.h"
#include "software/scenario/scenario.h"

namespace lutra::exploration {

// For people: what a network is, node by node, and what a scenario is, before anything runs.

std::string describe(const network::Graph& graph);
std::string describe(const network::QuantisedNetwork& network);

// Hardware and resources are always there; the network's part says why where its file cannot be read.
std::string describe(const scenario::Scenario& scenario, Inputs& inputs, const costs::Tables& tables);

}  // namespace lutra::exploration
