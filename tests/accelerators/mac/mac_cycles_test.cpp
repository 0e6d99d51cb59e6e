#include <gtest/gtest.h>

#include "accelerators/array/runs.h"
#include "accelerators/array/timing.h"
#include "accelerators/mac/mac.h"
#include "tests/support/resnet20.h"

namespace lutra::accelerators {
namespace {

// 16 outputs, 16 pixels, 3 x 3 x 4: one block of 36 passes on a 16 x 16 x 1 array.
MatrixTile one_block() {
  return {.rows = 2,
          .columns = 8,
          .channels = 16,
          .window_height = 3,
          .window_width = 3,
          .group_channels = 4,
          .group_outputs = 16,
          .input_width = 10,
          .input_channels = 4,
          .input_pixel_bytes = 4};
}

std::uint64_t cycles(const MatrixTile& tile, const EngineConfig& config = {}) {
  return make_mac(config)->cycles(tile, true);
}

// Cycle by cycle, as accelerators/array/README.md tells it.
std::uint64_t sequenced(const MatrixTile& tile, const EngineConfig& config) {
  const std::uint64_t passes = array::words(array::runs(tile), config.lanes);
  const int pixels = tile.rows * tile.columns;
  std::vector<std::uint64_t> drains;
  for (const int rows : array::row_blocks(tile, config.rows))
    for (int first = 0; first < pixels; first += config.columns) {
      const int columns = std::min(config.columns, pixels - first);
      std::uint64_t drain = 0;
      if (config.post_lanes <= config.rows) {  // some rows of a column, then the others
        for (int left = rows; left > 0; left -= config.post_lanes) drain += static_cast<std::uint64_t>(columns);
      } else {  // whole columns, as many as the lanes hold
        for (int left = columns; left > 0; left -= config.post_lanes / config.rows) ++drain;
      }
      drains.push_back(drain);
    }
  auto clock = static_cast<std::uint64_t>(2 + std::min(config.pipeline, 1 + array::tree_levels(config.lanes)));
  std::uint64_t draining = 0;
  for (const std::uint64_t drain : drains) {
    for (std::uint64_t pass = 0; pass < passes; ++pass, ++clock) draining -= draining > 0 ? 1 : 0;
    for (; draining > 0; --draining) ++clock;  // the drain registers are still full
    clock += array::turn_around_cycles;
    draining = drain;
  }
  return clock + draining;
}

TEST(MacCycles, ABlockIsFillPassesTurnAroundAndDrain) { EXPECT_EQ(cycles(one_block()), 3u + 36 + 1 + 16); }

TEST(MacCycles, FillGrowsByOnePerLevelOfTheAdderTree) {
  EXPECT_EQ(array::tree_levels(1), 0);
  EXPECT_EQ(array::tree_levels(2), 1);
  EXPECT_EQ(array::tree_levels(3), 2);
  EXPECT_EQ(array::tree_levels(16), 4);
}

TEST(MacCycles, AWideOperandOnNarrowMultipliersTakesAPassPerPairOfDigits) {
  EngineConfig config;
  config.pipeline = 16;  // a register behind every step
  config.variant = "digit_serial";
  config.activation_bits = config.weight_bits = 4;
  EXPECT_EQ(cycles(one_block(), config), 4u + 4 * 36 + 1 + 16);
  MatrixTile narrow = one_block();
  narrow.activation_bits = narrow.weight_bits = 4;
  EXPECT_EQ(cycles(narrow, config), 4u + 36 + 1 + 16);
  narrow.activation_bits = 5;
  EXPECT_EQ(cycles(narrow, config), 4u + 2 * 36 + 1 + 16);
}

TEST(MacCycles, ASecondBlockAddsItsPassesAndItsTurnAround) {
  MatrixTile tile = one_block();
  tile.rows = 4;
  EXPECT_EQ(cycles(tile), cycles(one_block()) + 36 + 1);
  tile = one_block();
  tile.channels = tile.group_outputs = 32;
  EXPECT_EQ(cycles(tile), cycles(one_block()) + 36 + 1);
}

TEST(MacCycles, ADrainLongerThanThePassesHoldsTheNextBlockBack) {
  MatrixTile tile = one_block();
  tile.window_height = tile.window_width = 1;  // 4 passes under 16 cycles of drain
  EXPECT_EQ(cycles(tile), 3u + 4 + 1 + 16);
  tile.rows = 4;
  EXPECT_EQ(cycles(tile), 3u + 4 + 1 + 16 + 1 + 16);
}

TEST(MacCycles, APartialBlockDrainsOnlyWhatItHolds) {
  MatrixTile tile = one_block();
  tile.rows = tile.columns = 1;
  EXPECT_EQ(cycles(tile), 3u + 36 + 1 + 1);
  tile.channels = tile.group_outputs = 3;
  tile.columns = 11;
  EXPECT_EQ(cycles(tile), 3u + 36 + 1 + 11);  // three rows of a column at once, thirteen lanes idle
}

TEST(MacCycles, FewerPostLanesDrainForLonger) {
  EngineConfig config;
  config.post_lanes = 4;
  EXPECT_EQ(cycles(one_block(), config), 3u + 36 + 1 + 64);
}

TEST(MacCycles, EachPostLaneHasAFixedShareOfTheElements) {
  EngineConfig config;
  config.post_lanes = 12;  // rows 0 to 11 of a column, then 12 to 15
  EXPECT_EQ(cycles(one_block(), config), 3u + 36 + 1 + 2 * 16);
  config.post_lanes = 40;  // two columns, eight lanes idle
  EXPECT_EQ(cycles(one_block(), config), 3u + 36 + 1 + 8);
  config.post_lanes = 255;
  config.rows = 1;
  EXPECT_EQ(cycles(one_block(), config), 3u + 16 * (36 + 1) + 1);
}

TEST(MacCycles, LanesDivideARunThatIsAWindowRow) {
  EngineConfig config;
  config.pipeline = 16;  // a register behind every step
  config.lanes = 8;
  EXPECT_EQ(cycles(one_block(), config), 6u + 3 * 2 + 1 + 16);  // a window row of 12 elements in 2 words of 8
}

TEST(MacCycles, LanesDivideEachPixelWhereTheWindowIsDilated) {
  EngineConfig config;
  config.pipeline = 16;  // a register behind every step
  config.lanes = 8;
  MatrixTile tile = one_block();
  tile.dilation_x = 2;
  EXPECT_EQ(cycles(tile, config), 6u + 9 + 1 + 16);
}

TEST(MacCycles, EachGroupTakesItsOwnRowBlocks) {
  MatrixTile tile = one_block();
  tile.input_channels = tile.input_pixel_bytes = 16;
  tile.group_channels = tile.group_outputs = 1;  // depthwise: one row in use, 9 passes, a cycle of drain per column
  EXPECT_EQ(cycles(tile), 3u + 9 + 1 + 15 * (16 + 1) + 16);
}

TEST(MacCycles, TheClosedFormulaEqualsTheSequencer) {
  for (int lanes : {1, 3, 16})
    for (int post_lanes : {1, 5, 16, 35, 64})
      for (int channels : {1, 7, 16, 33})
        for (int columns : {1, 15, 17})
          for (int group_channels : {1, 4}) {
            EngineConfig config;
            config.lanes = lanes;
            config.post_lanes = post_lanes;
            config.pipeline = (lanes + columns) % 4;
            config.columns = 8;
            MatrixTile tile = one_block();
            tile.channels = channels;
            tile.columns = columns;
            tile.group_channels = group_channels;
            tile.group_outputs = 5;
            tile.group_phase = 3;
            tile.input_channels = 40;
            EXPECT_EQ(cycles(tile, config), sequenced(tile, config))
                << lanes << " lanes, " << post_lanes << " post lanes, " << channels << " channels, " << columns
                << " columns, " << group_channels << " group channels";
          }
}

// Every layer as one tile on the default array. 40,551,040 products on 256 multipliers are 158,403 cycles; 737 blocks
// add a turn-around each, 20 tiles their fill and their drains.
TEST(MacCycles, ResNet20TakesWhatItsMultipliesNeedAndLittleMore) {
  std::uint64_t total = 0;
  long products = 0;
  for (const test::Layer& layer : test::resnet20()) {
    total += cycles(layer.tile());
    products += layer.macs();
  }
  EXPECT_EQ(products, 40'551'040);
  EXPECT_EQ(total, 159566u);
}

}  // namespace
}  // namespace lutra::accelerators
