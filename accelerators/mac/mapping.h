#pragma once

#include <cstdint>
#include <vector>

#include "accelerators/family/engine_config.h"
#include "accelerators/family/tile.h"

namespace lutra::accelerators::mac {

// A dot product as `count` runs of `length` elements that lie side by side in the pixel-packed buffer: one run per
// window row where the window's pixels touch and every channel of a pixel is read, else one per window pixel.
struct Runs {
  int count = 1;
  int length = 1;
};

Runs runs(const MatrixTile& tile);
Runs runs(const WeightBlock& block);

// Cycles in which one dot product occupies its processing element: every run in words of `lanes` elements.
std::uint64_t passes(const Runs& runs, int lanes);

// Rows each row block of a tile uses, in order; a block never crosses a group.
std::vector<int> row_blocks(int channels, int group_outputs, int group_phase, int rows);

// Pipeline stages before the accumulator: buffer read, operand register, product register, one per level of the adder
// tree.
int fill_cycles(int lanes);

// Cycles between the last accumulation of one block and the first of the next: the sums move to the drain registers and
// the accumulators are cleared.
inline constexpr int turn_around_cycles = 1;

struct ArrayTiming {
  std::uint64_t cycles = 0;  // of the tile, the equation of README.md
  std::uint64_t blocks = 0;
  std::uint64_t passes = 0;  // of one block
};

ArrayTiming timing(const MatrixTile& tile, const EngineConfig& config);

}  // namespace lutra::accelerators::mac
