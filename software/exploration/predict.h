#pragma once

#include <cstdint>

#include "software/compiler/compiler.h"
#include "software/exploration/scenario.h"

namespace lutra::exploration {

// The network compiled for this engine (or the hart alone) under the scenario's choices. Throws Error naming what cannot
// be computed or does not fit.
compiler::Program compile_for(const Scenario& scenario, const std::optional<accelerators::EngineConfig>& engine,
                              const network::QuantizedNetwork& network);

// Cycles for which a frame keeps the compute unit busy: a lower bound of the frame's.
std::uint64_t predicted_cycles(const Scenario& scenario, const accelerators::EngineConfig& engine,
                               const network::QuantizedNetwork& network);

}  // namespace lutra::exploration
