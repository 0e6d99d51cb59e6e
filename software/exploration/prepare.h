#pragma once

#include <filesystem>
#include <optional>

#include "software/exploration/result.h"
#include "software/exploration/scenario.h"
#include "software/network/dataset.h"
#include "software/network/graph.h"
#include "software/network/quantized_network.h"

namespace lutra::exploration {

// A scenario's networks, loaded and lowered.
struct Prepared {
  std::optional<network::Graph> graph;  // the float network; absent where the scenario names only a quantised file
  network::QuantizedNetwork network;
  SchemeFacts scheme;
};

// `data`: the folder of data sets and models. Throws Error naming what is missing and the way out.
Prepared prepare(const Scenario& scenario, const std::optional<std::filesystem::path>& data);

// The same around a network that was quantised before; without the float network.
Prepared prepare_stored(const Scenario& scenario, network::QuantizedNetwork network);

// The scenario's float network. Throws Error when it names none.
network::Graph load_model(const Scenario& scenario, const std::optional<std::filesystem::path>& data);

network::Dataset load_images(const Scenario& scenario, const std::optional<std::filesystem::path>& data,
                             network::Split split);

}  // namespace lutra::exploration
