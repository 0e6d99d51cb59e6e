#pragma once

#include "accelerators/family/engine_config.h"
#include "software/costs/tables.h"
#include "software/network/quantised/quantised_network.h"
#include "software/scenario/scenario.h"

namespace lutra::exploration {

// The scenario's engine, chosen already. Where `memory.activations: auto` meets no `map_memory_bytes`, or
// `memory.weights: auto` no `weight_memory_bytes`, with the smallest memory, in KiB, that holds all of them, or the
// largest with which everything still fits the scenario's device; the map memory first, the weights get what it leaves.
// Throws Error as compile_for.
accelerators::EngineConfig with_memory_sizes(const scenario::Scenario& scenario,
                                             const network::QuantisedNetwork& network, const costs::Tables& tables);

}  // namespace lutra::exploration
