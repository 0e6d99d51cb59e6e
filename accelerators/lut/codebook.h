#pragma once

#include <memory>
#include <vector>

#include "accelerators/array/timing.h"
#include "accelerators/family/family.h"

namespace lutra::accelerators::lut {

// Weight formats of a tile command.
inline constexpr int integer_weights = 0;
inline constexpr int table_weights = 1;  // codes, and a table of 2^weight_bits bytes in front of their words

// README.md, "Cycles". The tile is one that the family accepts.
std::vector<array::RowBlock> codebook_row_blocks(const MatrixTile& tile, const EngineConfig& config);

std::unique_ptr<Family> make_codebook(const EngineConfig& config);

}  // namespace lutra::accelerators::lut
