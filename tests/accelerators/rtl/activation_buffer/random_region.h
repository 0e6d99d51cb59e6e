#pragma once

#include <vector>

#include "accelerators/family/activation_layout.h"
#include "tests/accelerators/engine/packed_pixels.h"

namespace lutra::test {

// A tile, the load of its input, and the codes in it.
struct RandomRegion {
  lutra_tile tile{};
  lutra_transfer load{};
  int height = 0;                    // of the region
  std::vector<std::uint32_t> codes;  // [y][x][channel]

  std::uint32_t code(int y, int x, int channel) const {
    return codes[(static_cast<std::size_t>(y) * tile.input.width + static_cast<std::size_t>(x)) * tile.input.channels +
                 static_cast<std::size_t>(channel)];
  }
};

// Any window, stride, dilation, group, width and, now and then, a lead; matrix tiles or pools.
inline RandomRegion random_region(Random& random, const accelerators::EngineConfig& config,
                                  const accelerators::Family& family) {
  RandomRegion drawn;
  lutra_tile& tile = drawn.tile;
  const auto small = [&](int most) { return static_cast<std::uint8_t>(random.between(1, most)); };
  const bool matrix = !random.chance(3);
  tile.kind = matrix ? LUTRA_TILE_MATRIX : LUTRA_TILE_SUM;
  tile.rows = small(6);
  tile.columns = small(random.chance(2) ? 5 : 40);
  tile.window_height = small(3);
  tile.window_width = small(4);
  tile.stride_y = tile.rows == 1 ? 1 : small(3);
  tile.stride_x = tile.columns == 1 ? 1 : small(3);
  tile.dilation_y = small(2);
  tile.dilation_x = random.chance(2) ? 1 : small(3);
  const int groups = matrix && random.chance(3) ? random.between(2, 5) : 1;
  tile.group_channels = small(random.chance(2) ? 4 : 24);
  tile.group_outputs = 1;
  tile.input.channels = static_cast<std::uint16_t>(tile.group_channels * groups);
  tile.channels = matrix ? static_cast<std::uint16_t>(groups) : tile.input.channels;
  tile.input.bits = !matrix && random.chance(3) ? 16 : small(config.activation_bits);
  tile.input.pixel_bytes = static_cast<std::uint16_t>((tile.input.channels * tile.input.bits + 7) / 8);
  if (random.chance(4)) {
    tile.lead_y = small(3);
    tile.lead_x = small(3);
  }
  const auto extent = [&](int count, int stride, int window, int dilation) {
    return (count - 1) * stride + (window - 1) * dilation + 1 + (random.chance(4) ? random.between(0, 3) : 0);
  };
  tile.input.width =
      static_cast<std::uint16_t>(tile.lead_x + extent(tile.columns, tile.stride_x, tile.window_width, tile.dilation_x));
  drawn.height = tile.lead_y + extent(tile.rows, tile.stride_y, tile.window_height, tile.dilation_y);
  drawn.codes.resize(static_cast<std::size_t>(drawn.height) * tile.input.width * tile.input.channels);
  for (auto& code : drawn.codes) code = static_cast<std::uint32_t>(random.code(tile.input.bits, false));

  drawn.load.buffer = LUTRA_BUFFER_ACTIVATION;
  drawn.load.rows = static_cast<std::uint32_t>(drawn.height);
  drawn.load.columns = tile.input.width;
  drawn.load.element_bytes = tile.input.pixel_bytes;
  const int gap = 8 * tile.input.pixel_bytes - tile.input.channels * tile.input.bits;
  drawn.load.placement = placement(activation_layout(tile, config, family), gap);
  return drawn;
}

}  // namespace lutra::test
