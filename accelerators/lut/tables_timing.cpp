#include "accelerators/lut/tables_timing.h"

#include <algorithm>

#include "accelerators/array/runs.h"
#include "accelerators/lut/tables_format.h"
#include "software/common/arithmetic.h"

namespace lutra::accelerators::lut {

array::Pipeline tables_pipeline(const EngineConfig& config, const TablesKnobs& knobs) {
  return {1 + array::tree_levels(config.lanes / knobs.group), config};
}

int tables_fill(const EngineConfig& config, const TablesKnobs& knobs) {
  constexpr int combined_planes = 1;
  const int correction = knobs.coefficients != Combination::none ? 2 : knobs.half ? 1 : 0;
  return tables_pipeline(config, knobs).fill() + knobs.build_cycles() + combined_planes + correction;
}

std::size_t tables_level_bytes(const MatrixTile& tile) {
  return TablesFormat::of(tile.weight_format).levels ? std::size_t{1} << tile.activation_bits : 0;
}

std::size_t tables_term_bytes(const MatrixTile& tile, const TablesKnobs& knobs) {
  return static_cast<std::size_t>(TablesFormat::of(tile.weight_format).terms(tile.weight_bits) * knobs.entry_bytes());
}

std::vector<array::RowBlock> tables_row_blocks(const MatrixTile& tile, const EngineConfig& config,
                                               const TablesKnobs& knobs) {
  const TablesFormat format = TablesFormat::of(tile.weight_format);
  const std::uint64_t word_bytes = divide_up(static_cast<std::uint64_t>(config.rows) * config.lanes, 8);
  const auto period = static_cast<std::uint64_t>(std::max(tile.weight_bits, knobs.build_cycles()));
  auto blocks = array::equal_blocks(tile, config, 0, array::words(array::runs(tile), config.lanes) * period);
  for (array::RowBlock& block : blocks) {
    block.header = divide_up(static_cast<std::uint64_t>(block.rows) * tables_term_bytes(tile, knobs), word_bytes);
    block.sums = static_cast<std::uint64_t>(std::max(1, format.terms(tile.weight_bits)));
  }
  blocks.front().header += divide_up(tables_level_bytes(tile), word_bytes);
  return blocks;
}

}  // namespace lutra::accelerators::lut
