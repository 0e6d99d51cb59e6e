#include "accelerators/array/timing.h"

#include <algorithm>
#include <bit>

#include "accelerators/array/runs.h"
#include "software/common/arithmetic.h"

namespace lutra::accelerators::array {

namespace {

// The tile's pixels on the array's columns.
struct ColumnBlocks {
  std::uint64_t full = 0;
  std::uint64_t last = 0;  // columns of one that is not full

  std::uint64_t count() const { return full + (last > 0 ? 1 : 0); }
};

ColumnBlocks column_blocks(const MatrixTile& tile, const EngineConfig& config) {
  const std::uint64_t pixels = static_cast<std::uint64_t>(tile.rows) * tile.columns;
  return {pixels / config.columns, pixels % config.columns};
}

std::uint64_t drain(const RowBlock& block, std::uint64_t columns, const EngineConfig& config) {
  const DrainLanes lanes = drain_lanes(config);
  return block.sums * divide_up(static_cast<std::uint64_t>(block.rows), lanes.rows) * divide_up(columns, lanes.columns);
}

// Each block waits for the drain of the block before it; the last drain stands alone.
std::uint64_t output_stationary(const EngineConfig& config, const ColumnBlocks& columns,
                                const std::vector<RowBlock>& blocks) {
  std::uint64_t cycles = 0;
  std::uint64_t draining = 0;
  for (const RowBlock& block : blocks) {
    const std::uint64_t full_drain = drain(block, config.columns, config);
    cycles += std::max(block.header + block.passes, draining);
    if (columns.full > 0) {
      cycles += (columns.full - 1) * std::max(block.passes, full_drain);
      draining = full_drain;
      if (columns.last > 0) cycles += std::max(block.passes, full_drain);
    }
    if (columns.last > 0) draining = drain(block, columns.last, config);
    cycles += columns.count() * turn_around_cycles;
  }
  return cycles + draining;
}

// A word stays while every column block passes; the sums of a row block leave together, while nothing accumulates.
std::uint64_t weight_stationary(const EngineConfig& config, const ColumnBlocks& columns,
                                const std::vector<RowBlock>& blocks) {
  std::uint64_t cycles = 0;
  for (const RowBlock& block : blocks) {
    cycles += block.header + block.passes * columns.count() + turn_around_cycles;
    cycles += columns.full * drain(block, config.columns, config) + drain(block, columns.last, config);
  }
  return cycles;
}

}  // namespace

DrainLanes drain_lanes(const EngineConfig& config) {
  const int rows = std::min(config.post_lanes, config.rows);
  return {rows, std::min(config.post_lanes / rows, config.columns)};
}

int tree_levels(int inputs) { return std::bit_width(static_cast<unsigned>(inputs - 1)); }

ArrayTiming timing(const MatrixTile& tile, const EngineConfig& config, int fill, const std::vector<RowBlock>& blocks) {
  const ColumnBlocks columns = column_blocks(tile, config);
  ArrayTiming result;
  result.row_blocks = blocks.size();
  result.column_blocks = columns.count();
  for (const RowBlock& block : blocks) result.passes += block.passes * columns.count();
  result.cycles = fill + (config.dataflow == Dataflow::weight_stationary ? weight_stationary(config, columns, blocks)
                                                                         : output_stationary(config, columns, blocks));
  return result;
}

std::vector<RowBlock> equal_blocks(const MatrixTile& tile, const EngineConfig& config, std::uint64_t header,
                                   std::uint64_t passes) {
  std::vector<RowBlock> blocks;
  for (const int rows : row_blocks(tile, config.rows)) blocks.push_back({rows, header, passes});
  return blocks;
}

void add_traffic(const MatrixTile& tile, const EngineConfig& config, const ArrayTiming& timing,
                 std::uint64_t weight_words_bytes, std::uint64_t words, int activation_word_bits, TileWork& work) {
  const std::uint64_t pixels = static_cast<std::uint64_t>(tile.rows) * tile.columns;
  const std::uint64_t bits = timing.row_blocks * pixels * words * static_cast<std::uint64_t>(activation_word_bits);
  work.activation_read_bytes += (bits + 7) / 8;
  if (config.dataflow != Dataflow::weight_stationary) {
    work.weight_read_bytes += timing.column_blocks * weight_words_bytes;
    return;
  }
  work.weight_read_bytes += weight_words_bytes;
  // Every pass but the first of an output reads its sum, every pass writes it, and the drain reads it once more.
  const std::uint64_t sum_bytes = (static_cast<std::uint64_t>(config.accumulator_bits) + 7) / 8;
  const std::uint64_t passes_per_output =
      timing.passes / std::max<std::uint64_t>(timing.row_blocks * timing.column_blocks, 1);
  const std::uint64_t accesses = pixels * tile.channels * passes_per_output * sum_bytes;
  work.sum_read_bytes += accesses;
  work.sum_write_bytes += accesses;
}

}  // namespace lutra::accelerators::array
