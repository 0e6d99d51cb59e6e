#include "accelerators/engine/window.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accelerators/engine/compute_tile.h"
#include "accelerators/family/timing.h"
#include "tests/accelerators/engine/packed_pixels.h"
#include "tests/support/tiles.h"

namespace lutra::accelerators {
namespace {

using test::simple_tile;
using ::testing::ElementsAre;

// 3 x 3 pixels of two signed 4-bit channels: 0, 1, ... 8 and their negatives.
Buffers nine_pixels() {
  Buffers buffers{EngineConfig{}};
  std::vector<int> values;
  for (int i = 0; i < 9; ++i) values.insert(values.end(), {i - 1, -i + 1});
  const auto packed = test::pack_pixels(values, 2, 4);
  std::copy(packed.begin(), packed.end(), buffers.bytes[LUTRA_BUFFER_ACTIVATION].begin());
  return buffers;
}

lutra_tile over_nine_pixels(lutra_tile_kind kind, int rows, int columns, int window) {
  lutra_tile tile = simple_tile(kind, rows, columns, 2);
  tile.input = {0, 3, 2, 4, 1, 1};
  tile.window_height = tile.window_width = static_cast<std::uint16_t>(window);
  return tile;
}

TEST(Windows, MaximumTakesTheLargestOfEach) {
  std::vector<std::int32_t> sums(8);
  reduce_windows(over_nine_pixels(LUTRA_TILE_MAXIMUM, 2, 2, 2), 32, nine_pixels(), sums);
  EXPECT_THAT(sums, ElementsAre(3, 1, 4, 0, 6, -2, 7, -3));
}

TEST(Windows, MaximumThatAccumulatesKeepsALargerStart) {
  lutra_tile tile = over_nine_pixels(LUTRA_TILE_MAXIMUM, 1, 1, 3);
  tile.flags |= LUTRA_TILE_ACCUMULATE;
  std::vector<std::int32_t> sums = {5, 100};
  reduce_windows(tile, 32, nine_pixels(), sums);
  EXPECT_THAT(sums, ElementsAre(7, 100));
}

TEST(Windows, SumAddsAndWrapsAtTheAccumulatorsWidth) {
  std::vector<std::int32_t> sums(2);
  reduce_windows(over_nine_pixels(LUTRA_TILE_SUM, 1, 1, 3), 32, nine_pixels(), sums);
  EXPECT_THAT(sums, ElementsAre(27, -27));
  sums = {32767 - 20, -32768 + 20};
  reduce_windows(over_nine_pixels(LUTRA_TILE_SUM, 1, 1, 3), 16, nine_pixels(), sums);
  EXPECT_THAT(sums, ElementsAre(-32768 + 6, 32767 - 6));
}

TEST(Windows, ElementwiseStepsByItsStride) {
  lutra_tile tile = over_nine_pixels(LUTRA_TILE_ELEMENTWISE, 2, 2, 1);
  tile.stride_y = tile.stride_x = 2;
  std::vector<std::int32_t> sums(8);
  reduce_windows(tile, 32, nine_pixels(), sums);
  EXPECT_THAT(sums, ElementsAre(-1, 1, 1, -1, 5, -5, 7, -7));
}

TEST(VectorCycles, CountOneWindowElementPerLaneAndCycle) {
  lutra_tile tile = simple_tile(LUTRA_TILE_MAXIMUM, 4, 4, 10);  // 160 outputs: 10 steps of 16
  tile.window_height = 3;
  tile.window_width = 2;
  constexpr ActivationBanks banks{16, 2};
  EXPECT_EQ(vector_cycles(tile, banks, 16), 1u + 10 * 6 + post_processor_stages);
  tile.flags = LUTRA_TILE_KEEP;
  EXPECT_EQ(vector_cycles(tile, banks, 16), 1u + 10 * 6);
}

TEST(VectorCycles, TakeOnePixelOrAWordOfSeveral) {
  constexpr ActivationBanks banks{16, 2};  // two values of eight bits in a row
  const auto steps = [&](int pixels, int channels, int lanes) {
    lutra_tile tile = simple_tile(LUTRA_TILE_MAXIMUM, 1, pixels, channels);
    tile.flags = LUTRA_TILE_KEEP;
    return vector_cycles(tile, banks, lanes) - 1;
  };
  EXPECT_EQ(steps(1, 64, 16), 4u) << "eight rows of the pixel, in eight banks";
  EXPECT_EQ(steps(16, 2, 16), 2u) << "a row of each of eight pixels";
  EXPECT_EQ(steps(3, 16, 16), 3u);
  EXPECT_EQ(steps(16, 3, 16), 4u) << "half of the second row is not used";
}

TEST(Tiles, CarryASumAcrossTilesByKeepAndAccumulate) {
  const EngineConfig config;
  const auto family = make_family(config);
  Buffers buffers = nine_pixels();
  test::put(buffers.bytes[LUTRA_BUFFER_PARAMETER], 0, test::requantise(1, 0, 0));
  lutra_tile tile = over_nine_pixels(LUTRA_TILE_SUM, 1, 1, 3);
  tile.flags = LUTRA_TILE_KEEP;
  tile.accumulator_offset = 7;
  const TileResult kept = compute_tile(tile, config, *family, buffers);
  EXPECT_EQ(buffers.accumulators[7], 0);  // not before the tile's time has passed
  commit(tile, kept, buffers);
  EXPECT_EQ(buffers.accumulators[7], 27);
  EXPECT_EQ(kept.events.accumulator_write_bytes, 8u);
  EXPECT_EQ(kept.events.scales, 0u);

  tile.flags = LUTRA_TILE_ACCUMULATE | LUTRA_TILE_STREAM | LUTRA_TILE_ONE_SCALE;
  const TileResult finished = compute_tile(tile, config, *family, buffers);
  EXPECT_EQ(test::unpack_pixels(finished.stream, 2, 16, true), (std::vector<int>{54, -54}));
  EXPECT_EQ(finished.events.accumulator_read_bytes, 8u);
  EXPECT_EQ(finished.events.window_values, 18u);
  EXPECT_EQ(finished.events.activation_read_bytes, 9u);
  EXPECT_EQ(finished.events.parameter_read_bytes, sizeof(lutra_requantise));
  EXPECT_EQ(finished.events.output_write_bytes, 4u);
  EXPECT_EQ(finished.cycles, tile_cycles(tile, config, *family));
}

}  // namespace
}  // namespace lutra::accelerators
