#pragma once

#include <cstdint>
#include <vector>

#include "accelerators/family/engine_config.h"
#include "accelerators/family/tile.h"

namespace lutra::accelerators::array {

// What the sequencer does for one row block and each of its column blocks.
struct RowBlock {
  int rows = 0;              // used
  std::uint64_t header = 0;  // cycles in which tables go to the array's registers, once per row block
  std::uint64_t passes = 0;  // cycles one column block accumulates
  std::uint64_t sums = 1;    // per output that leave the array, each with a drain of its own
};

struct ArrayTiming {
  std::uint64_t cycles = 0;  // of the tile: the equations of README.md
  std::uint64_t row_blocks = 0;
  std::uint64_t column_blocks = 0;
  std::uint64_t passes = 0;  // of the whole tile
};

// Cycles between the last accumulation of one block and the first of the next: the sums move to the drain registers and
// the accumulators are cleared.
inline constexpr int turn_around_cycles = 1;

// The sums that leave the array in one cycle, at most: so many rows of so many columns (README.md, "Drain"). The share
// of the elements that each of these lanes of the post-processor serves is fixed.
struct DrainLanes {
  int rows = 0;
  int columns = 0;

  int count() const { return rows * columns; }
};
DrainLanes drain_lanes(const EngineConfig& config);

// Levels of an adder tree over `inputs`.
int tree_levels(int inputs);

// `fill`: pipeline stages before the accumulator.
ArrayTiming timing(const MatrixTile& tile, const EngineConfig& config, int fill, const std::vector<RowBlock>& blocks);

// Every row block of the tile with the same header and passes.
std::vector<RowBlock> equal_blocks(const MatrixTile& tile, const EngineConfig& config, std::uint64_t header,
                                   std::uint64_t passes);

// Buffer traffic that follows from the dataflow alone. `weight_words_bytes`: of all row blocks, each read once;
// `activation_word_bits`: what a column takes per word it reads, `words` of them per block.
void add_traffic(const MatrixTile& tile, const EngineConfig& config, const ArrayTiming& timing,
                 std::uint64_t weight_words_bytes, std::uint64_t words, int activation_word_bits, TileWork& work);

}  // namespace lutra::accelerators::array
