#pragma once

#include <cstdint>

#include "software/compiler/compiler.h"
#include "software/scenario/scenario.h"

namespace lutra::exploration {

// The network compiled for this engine (or the hart alone) under the scenario's choices. Throws Error naming the
// scenario's file and what cannot be computed; NoRoom what does not fit.
compiler::Program compile_for(const scenario::Scenario& scenario,
                              const std::optional<accelerators::EngineConfig>& engine,
                              const network::QuantisedNetwork& network);

// The same for an engine, without its weights (CompileOptions::outline): what a prediction needs.
compiler::Program outline_for(const scenario::Scenario& scenario, const network::QuantisedNetwork& network);

// Cycles for which a frame keeps the compute unit busy: a lower bound of the frame's.
std::uint64_t predicted_cycles(const scenario::Scenario& scenario, const accelerators::EngineConfig& engine,
                               const network::QuantisedNetwork& network);

}  // namespace lutra::exploration
