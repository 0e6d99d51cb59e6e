#pragma once

#include <cstdint>
#include <vector>

#include "accelerators/family/tile.h"

namespace lutra::accelerators::array {

// A dot product as `count` runs of `length` elements that lie side by side in the pixel-packed buffer: one run per
// window row where the window's pixels touch and every channel of a pixel is read, else one per window pixel.
struct Runs {
  int count = 1;
  int length = 1;

  int elements() const { return count * length; }
};

Runs runs(const MatrixTile& tile);
Runs runs(const WeightBlock& block);

// Words of `lanes` elements in which an array reads a dot product; no word crosses a run.
std::uint64_t words(const Runs& runs, int lanes);

// Output channels each row block of a tile uses, in order: at most `rows`, never of two groups.
std::vector<int> row_blocks(const MatrixTile& tile, int rows);
std::vector<int> row_blocks(const WeightBlock& block, int rows);

}  // namespace lutra::accelerators::array
