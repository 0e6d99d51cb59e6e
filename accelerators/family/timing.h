#pragma once

#include <cstdint>

#include "accelerators/family/activation_layout.h"
#include "accelerators/family/family.h"
#include "accelerators/interface/commands.h"

namespace lutra::accelerators {

// What the shell adds to a family's cycles (accelerators/engine/README.md: equations). Plain C++, for the compiler's
// predictions and for the compute unit.

// Pipeline stages of the post-processor, one cycle each.
enum class PostStage {
  read_parameters,
  scale_multiply,
  scale_shift,
  skip_add,
  prelu_multiply,
  prelu_shift,
  code_multiply,
  code_shift,
  write,
  count
};
inline constexpr int post_processor_stages = static_cast<int>(PostStage::count);

MatrixTile matrix_tile(const lutra_tile& tile);

// Where the first window's first pixel lies in the activation buffer.
std::uint32_t first_input_byte(const lutra_tile& tile);

bool finishes(const lutra_tile& tile);  // post-processed, not kept

// Cycles of a pool, sum or elementwise tile, which the post-processor computes: one window element per lane and cycle.
std::uint64_t vector_cycles(const lutra_tile& tile, const ActivationBanks& banks, int post_lanes);

// The most thresholds of an entry that the post-processor compares with.
int most_thresholds(const EngineConfig& config);

// What a post-processor of thresholds takes longer for codes that thresholds do not make (over four bits, out of a
// stream): one requantiser makes one of them per cycle, for all lanes, and everything before it waits.
std::uint64_t shared_requantiser_cycles(const lutra_tile& tile, const EngineConfig& config);

// Cycles for which the tile keeps the compute unit busy; an upper bound where the family's cycles depend on data. The
// tile must be one the engine accepts.
std::uint64_t tile_cycles(const lutra_tile& tile, const EngineConfig& config, const Family& family);

// The fewest, whatever the data: Family::least_cycles.
std::uint64_t least_tile_cycles(const lutra_tile& tile, const EngineConfig& config, const Family& family);

}  // namespace lutra::accelerators
