#include "accelerators/family/family.h"

#include <algorithm>

namespace lutra::accelerators {

bool Family::packs_zero(const network::WeightEncoding& encoding, int output_channel) const {
  const std::vector<int> values = network::weight_values(encoding, output_channel);
  return std::binary_search(values.begin(), values.end(), 0);
}

std::uint32_t family_id(const std::string& name) {
  std::uint32_t hash = 2166136261u;
  for (const char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619u;
  return hash;
}

std::size_t activation_bytes(const MatrixTile& tile) {
  const auto last = [](int count, int stride, int window, int dilation) {
    return static_cast<std::size_t>(count - 1) * stride + static_cast<std::size_t>(window - 1) * dilation;
  };
  const std::size_t last_pixel =
      last(tile.rows, tile.stride_y, tile.window_height, tile.dilation_y) * tile.input_width +
      last(tile.columns, tile.stride_x, tile.window_width, tile.dilation_x);
  return (last_pixel + 1) * tile.input_pixel_bytes;
}

std::vector<int> group_runs(int channels, int group_outputs, int group_phase) {
  std::vector<int> runs;
  int left_in_group = group_outputs - group_phase % group_outputs;
  while (channels > 0) {
    runs.push_back(std::min(channels, left_in_group));
    channels -= runs.back();
    left_in_group = group_outputs;
  }
  return runs;
}

}  // namespace lutra::accelerators
