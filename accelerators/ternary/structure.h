#pragma once

#include "accelerators/family/engine_config.h"
#include "accelerators/family/structure.h"

namespace lutra::accelerators::ternary {

enum class ZeroSkipping { none, lanes, groups };

// Pipeline stages before the accumulator.
int gated_fill(const EngineConfig& config, ZeroSkipping skipping);
int popcount_fill(const EngineConfig& config, ZeroSkipping skipping);

// The arrays in primitives (README.md, "Structure").
Structure gated_structure(const EngineConfig& config, ZeroSkipping skipping, bool output_shifts);
Structure popcount_structure(const EngineConfig& config, ZeroSkipping skipping, bool output_shifts);

// Lanes whose bits one counter of the popcount array adds in a cycle; wider words take a tree of counters.
inline constexpr int counter_lanes = 16;

}  // namespace lutra::accelerators::ternary
