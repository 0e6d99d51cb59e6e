#pragma once

#include "accelerators/family/engine_config.h"
#include "software/costs/tables.h"
#include "software/network/quantised/quantised_network.h"
#include "software/scenario/scenario.h"

namespace lutra::exploration {

// The scenario's engine, chosen already. Where `memory.weights: auto` meets no `weight_memory_bytes`, with the smallest
// weight memory, in KiB, that holds all weights, or the largest with which everything still fits the scenario's device.
// Throws Error as compile_for.
accelerators::EngineConfig with_weight_memory(const scenario::Scenario& scenario,
                                              const network::QuantisedNetwork& network, const costs::Tables& tables);

}  // namespace lutra::exploration
