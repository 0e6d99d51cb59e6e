#include "accelerators/array/runs.h"

#include <algorithm>

#include "accelerators/family/family.h"

namespace lutra::accelerators::array {

namespace {

Runs cut(int window_height, int window_width, int dilation_x, int group_channels, int input_channels) {
  if (is_one_run(dilation_x, group_channels, input_channels)) return {window_height, window_width * group_channels};
  return {window_height * window_width, group_channels};
}

std::vector<int> cut_rows(int channels, int group_outputs, int group_phase, int rows) {
  std::vector<int> blocks;
  for (int left : group_runs(channels, group_outputs, group_phase))
    for (; left > 0; left -= rows) blocks.push_back(std::min(left, rows));
  return blocks;
}

}  // namespace

Runs runs(const MatrixTile& tile) {
  return cut(tile.window_height, tile.window_width, tile.dilation_x, tile.group_channels, tile.input_channels);
}

Runs runs(const WeightBlock& block) {
  const int input_channels = block.input_channels > 0 ? block.input_channels : block.group_channels;
  return cut(block.window_height, block.window_width, block.dilation_x, block.group_channels, input_channels);
}

std::uint64_t words(const Runs& runs, int lanes) {
  return static_cast<std::uint64_t>(runs.count) * ((runs.length + lanes - 1) / lanes);
}

std::vector<int> row_blocks(const MatrixTile& tile, int rows) {
  return cut_rows(tile.channels, tile.group_outputs, tile.group_phase, rows);
}

std::vector<int> row_blocks(const WeightBlock& block, int rows) {
  const int group_outputs = block.group_outputs > 0 ? block.group_outputs : std::max(block.channels, 1);
  return cut_rows(block.channels, group_outputs, block.group_phase, rows);
}

}  // namespace lutra::accelerators::array
