#pragma once

#include "accelerators/family/engine_config.h"
#include "accelerators/family/family.h"
#include "accelerators/interface/commands.h"
#include "accelerators/interface/registers.h"

namespace lutra::accelerators {

// What the command processor refuses before a unit sees it. A command that passes stays inside every buffer and, but
// for requantise entries in the parameter buffer that the hardware cannot compute, can be run.

lutra_engine_error check_transfer(const lutra_transfer& transfer, const EngineConfig& config, const Family& family);
lutra_engine_error check_tile(const lutra_tile& tile, const EngineConfig& config, const Family& family);

inline constexpr int largest_shift = 47;

// The post-processor has that shift and a multiplier of those bits; where it has none, it is zero or a power of two.
bool can_requantise(const lutra_requantise& entry, const EngineConfig& config);

// Throws Error naming the knob of the shell that cannot be built.
void check_shell(const EngineConfig& config);

}  // namespace lutra::accelerators
