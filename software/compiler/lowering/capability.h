#pragma once

#include <string>

#include "accelerators/family/family.h"
#include "software/compiler/lowering/lower.h"
#include "software/network/quantised/quantised_network.h"

namespace lutra::compiler {

// Why the engine's commands cannot compute an operation, whatever its tiles; empty when they can.
std::string engine_refuses(const network::QuantisedNetwork& network, const LoweredOp& lowered,
                           const accelerators::EngineConfig& engine, const accelerators::Family& family);

// Why the hart's kernels cannot; empty when they can.
std::string hart_refuses(const network::QuantisedNetwork& network, const LoweredOp& lowered);

// Bits of the narrowest two's-complement accumulator that holds every final sum of a matrix operation.
int accumulator_bits_needed(const network::MatrixOp& op, const network::ActivationEncoding& activation);

}  // namespace lutra::compiler
