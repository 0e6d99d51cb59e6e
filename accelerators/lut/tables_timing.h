#pragma once

#include <cstddef>
#include <vector>

#include "accelerators/array/pipeline.h"
#include "accelerators/array/timing.h"
#include "accelerators/lut/tables_knobs.h"

namespace lutra::accelerators::lut {

// Look-ups, levels of the tree.
array::Pipeline tables_pipeline(const EngineConfig& config, const TablesKnobs& knobs);

// Pipeline stages before the accumulator, and after the drain where sums are corrected there (README.md).
int tables_fill(const EngineConfig& config, const TablesKnobs& knobs);

// README.md, "Cycles". The tile is one that the family accepts.
std::vector<array::RowBlock> tables_row_blocks(const MatrixTile& tile, const EngineConfig& config,
                                               const TablesKnobs& knobs);

// What lies in front of a tile's words: the level table, and the coefficients of each output channel.
std::size_t tables_level_bytes(const MatrixTile& tile);
std::size_t tables_term_bytes(const MatrixTile& tile, const TablesKnobs& knobs);

}  // namespace lutra::accelerators::lut
