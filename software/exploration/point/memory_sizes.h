#pragma once

#include <cstdint>

#include "accelerators/family/engine_config.h"
#include "software/compiler/compiler.h"
#include "software/costs/tables.h"
#include "software/network/quantised/quantised_network.h"
#include "software/scenario/scenario.h"

namespace lutra::exploration {

// One of the engine's memories, and what a program takes of it. Sizes are multiples of memory_step_bytes.
struct EngineMemory {
  int accelerators::EngineConfig::*bytes;
  std::uint64_t compiler::Program::*used;
};
inline constexpr EngineMemory weight_memory{&accelerators::EngineConfig::weight_memory_bytes,
                                            &compiler::Program::resident_bytes};
inline constexpr EngineMemory map_memory{&accelerators::EngineConfig::map_memory_bytes, &compiler::Program::map_bytes};
inline constexpr EngineMemory command_memory{&accelerators::EngineConfig::command_memory_bytes,
                                             &compiler::Program::command_bytes};
inline constexpr int memory_step_bytes = 1024;

// The scenario's engine, chosen already. Where `memory.activations: auto` meets no `map_memory_bytes`, or
// `memory.weights: auto` no `weight_memory_bytes`, with the smallest memory, in KiB, that holds all of them, or the
// largest with which everything still fits the scenario's device; the map memory first, the weights get what it leaves.
// Throws Error as compile_for.
accelerators::EngineConfig with_memory_sizes(const scenario::Scenario& scenario,
                                             const network::QuantisedNetwork& network, const costs::Tables& tables);

}  // namespace lutra::exploration
