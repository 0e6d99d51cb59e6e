#include "accelerators/mac/mapping.h"

#include <algorithm>
#include <bit>

#include "accelerators/family/family.h"

namespace lutra::accelerators::mac {

namespace {

std::uint64_t divide_up(std::uint64_t dividend, std::uint64_t divisor) { return (dividend + divisor - 1) / divisor; }

Runs runs(int window_height, int window_width, int dilation_x, int group_channels, int input_channels) {
  if (dilation_x == 1 && group_channels == input_channels) return {window_height, window_width * group_channels};
  return {window_height * window_width, group_channels};
}

}  // namespace

Runs runs(const MatrixTile& tile) {
  return runs(tile.window_height, tile.window_width, tile.dilation_x, tile.group_channels, tile.input_channels);
}

Runs runs(const WeightBlock& block) {
  const int input_channels = block.input_channels > 0 ? block.input_channels : block.group_channels;
  return runs(block.window_height, block.window_width, block.dilation_x, block.group_channels, input_channels);
}

std::uint64_t passes(const Runs& runs, int lanes) { return runs.count * divide_up(runs.length, lanes); }

std::vector<int> row_blocks(int channels, int group_outputs, int group_phase, int rows) {
  std::vector<int> blocks;
  for (int left : group_runs(channels, group_outputs, group_phase))
    for (; left > 0; left -= rows) blocks.push_back(std::min(left, rows));
  return blocks;
}

int fill_cycles(int lanes) {
  constexpr int buffer_read = 1;
  constexpr int operand_register = 1;
  constexpr int product_register = 1;
  const int tree_levels = std::bit_width(static_cast<unsigned>(lanes - 1));
  return buffer_read + operand_register + product_register + tree_levels;
}

ArrayTiming timing(const MatrixTile& tile, const EngineConfig& config) {
  const std::uint64_t pixels = static_cast<std::uint64_t>(tile.rows) * tile.columns;
  const std::uint64_t full_columns = pixels / config.columns;
  const std::uint64_t last_columns = pixels % config.columns;
  ArrayTiming result;
  result.passes = passes(runs(tile), config.lanes);

  // Every block but the first waits for the drain of the block before it; the last drain stands alone.
  std::uint64_t waits = 0;
  std::uint64_t last_drain = 0;
  for (const int used_rows : row_blocks(tile.channels, tile.group_outputs, tile.group_phase, config.rows)) {
    const std::uint64_t full_drain =
        divide_up(static_cast<std::uint64_t>(used_rows) * config.columns, config.post_lanes);
    result.blocks += full_columns + (last_columns > 0 ? 1 : 0);
    waits += full_columns * std::max(result.passes, full_drain);
    if (full_columns > 0) last_drain = full_drain;
    if (last_columns == 0) continue;
    last_drain = divide_up(used_rows * last_columns, config.post_lanes);
    waits += std::max(result.passes, last_drain);
  }
  waits -= std::max(result.passes, last_drain);
  result.cycles = fill_cycles(config.lanes) + result.passes + waits + result.blocks * turn_around_cycles + last_drain;
  return result;
}

}  // namespace lutra::accelerators::mac
