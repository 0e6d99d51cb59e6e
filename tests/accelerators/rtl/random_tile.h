#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "accelerators/family/engine_config.h"
#include "accelerators/family/family.h"
#include "accelerators/family/tile.h"
#include "tests/accelerators/engine/packed_pixels.h"

namespace lutra::test {

// A tile and the values in it.
struct RandomTile {
  accelerators::MatrixTile tile;
  std::vector<int> activations;       // [pixel of the buffer][channel]
  std::vector<std::int16_t> weights;  // as WeightBlock::values

  accelerators::WeightBlock block() const {
    return {.channels = tile.channels,
            .group_channels = tile.group_channels,
            .window_height = tile.window_height,
            .window_width = tile.window_width,
            .dilation_x = tile.dilation_x,
            .input_channels = tile.input_channels,
            .group_outputs = tile.group_outputs,
            .group_phase = tile.group_phase,
            .values = weights};
  }
  // Exactly the bytes Family::compute may read.
  std::vector<std::uint8_t> activation_bytes() const {
    auto bytes = pack_pixels(activations, tile.input_channels, tile.activation_bits);
    bytes.resize(accelerators::activation_bytes(tile));
    return bytes;
  }
};

struct TileDraw {
  int activation_bits = 8;  // the widest
  int weight_bits = 8;
  int most_pixels = 40;  // weight-stationary: what the sums of the twin hold
  int most_channels = 12;
  std::function<int(Random&, int bits)> weight = [](Random& random, int bits) { return random.code(bits, true); };
};

// Any window, stride, dilation, group and width; a draw of its own says how many activations and weights are zero.
inline RandomTile random_tile(Random& random, const TileDraw& draw) {
  RandomTile drawn;
  accelerators::MatrixTile& tile = drawn.tile;
  tile.rows = random.between(1, 5);
  tile.columns = random.between(1, std::max(1, std::min(9, draw.most_pixels / tile.rows)));
  tile.window_height = random.between(1, 3);
  tile.window_width = random.between(1, 3);
  tile.stride_y = random.between(1, 2);
  tile.stride_x = random.between(1, 2);
  tile.dilation_y = random.between(1, 2);
  tile.dilation_x = random.between(1, 2);
  const int groups = random.chance(3) ? random.between(2, 3) : 1;
  tile.group_channels = random.between(1, draw.most_channels);
  tile.group_outputs = random.between(1, 11);
  tile.group_phase = groups == 1 ? 0 : random.between(0, tile.group_outputs * groups - 1);
  tile.channels = random.between(1, tile.group_outputs * groups - tile.group_phase);
  tile.input_channels = tile.group_channels * groups;
  tile.input_width = (tile.columns - 1) * tile.stride_x + (tile.window_width - 1) * tile.dilation_x + 1;
  tile.activation_bits = random.between(1, draw.activation_bits);
  tile.activation_signed = random.chance(2);
  tile.weight_bits = random.between(std::min(2, draw.weight_bits), draw.weight_bits);
  tile.input_pixel_bytes = (tile.input_channels * tile.activation_bits + 7) / 8;

  const int height = (tile.rows - 1) * tile.stride_y + (tile.window_height - 1) * tile.dilation_y + 1;
  drawn.activations.resize(static_cast<std::size_t>(height) * tile.input_width * tile.input_channels);
  const int zeros = random.between(1, 5);  // one value in so many
  for (int& value : drawn.activations)
    value = random.chance(zeros) ? 0 : random.code(tile.activation_bits, tile.activation_signed);
  drawn.weights.resize(static_cast<std::size_t>(tile.channels) * tile.group_channels * tile.window_height *
                       tile.window_width);
  for (auto& value : drawn.weights) value = static_cast<std::int16_t>(draw.weight(random, tile.weight_bits));
  return drawn;
}

}  // namespace lutra::test
