#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "software/exploration/scenario.h"
#include "software/network/graph.h"
#include "software/network/quantized_network.h"

namespace lutra::exploration {

// For people: what a network is, node by node, and what a scenario is, before anything runs.

std::string describe(const network::Graph& graph);
std::string describe(const network::QuantizedNetwork& network);

// Hardware and resources are always there; the network's part says why where its file cannot be read.
std::string describe(const Scenario& scenario, const std::optional<std::filesystem::path>& data);

}  // namespace lutra::exploration
