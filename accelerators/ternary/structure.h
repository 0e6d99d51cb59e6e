#pragma once

#include "accelerators/array/pipeline.h"
#include "accelerators/family/engine_config.h"
#include "accelerators/family/structure.h"

namespace lutra::accelerators::ternary {

enum class ZeroSkipping { none, lanes, groups };

// Levels of the tree, the first with the gates; counters and levels of their tree.
array::Pipeline gated_pipeline(const EngineConfig& config);
array::Pipeline popcount_pipeline(const EngineConfig& config);

// The arrays in primitives (README.md, "Structure").
Structure gated_structure(const EngineConfig& config, ZeroSkipping skipping, bool output_shifts);
Structure popcount_structure(const EngineConfig& config, ZeroSkipping skipping, bool output_shifts);

// Lanes whose bits one counter of the popcount array adds in a cycle; wider words take a tree of counters.
inline constexpr int counter_lanes = 16;

}  // namespace lutra::accelerators::ternary
