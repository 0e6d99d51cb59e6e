#include <gtest/gtest.h>

#include "accelerators/shift_add/shift_add.h"

namespace lutra::accelerators {
namespace {

// 16 outputs, 16 pixels, 3 x 3 x 4: one block of 36 words on a 16 x 16 x 1 array.
MatrixTile one_block(int format, int bits) {
  return {.rows = 2,
          .columns = 8,
          .channels = 16,
          .window_height = 3,
          .window_width = 3,
          .group_channels = 4,
          .group_outputs = 16,
          .input_width = 10,
          .input_channels = 4,
          .input_pixel_bytes = 4,
          .weight_format = format,
          .weight_bits = bits};
}

EngineConfig engine(const std::string& variant, std::map<std::string, std::string> options = {}) {
  EngineConfig config;
  config.family = "shift_add";
  config.pipeline = 16;  // a register behind every step
  config.variant = variant;
  config.options = std::move(options);
  return config;
}

std::uint64_t cycles(const MatrixTile& tile, const EngineConfig& config) {
  return make_shift_add(config)->cycles(tile, true);
}

// The equations of accelerators/shift_add/README.md: fill, passes, turn-around, drain.

constexpr int powers_0_to_6 = 2 | 0b1111111 << 2;
constexpr int two_terms = powers_0_to_6 | 0b11 << 9;

TEST(PowerOfTwoCycles, APowerOfTwoOrATernaryWeightTakesOnePassPerWord) {
  EXPECT_EQ(cycles(one_block(powers_0_to_6, 4), engine("power_of_two")), 4u + 36 + 1 + 16);
  EXPECT_EQ(cycles(one_block(1, 2), engine("power_of_two")), 4u + 36 + 1 + 16);
}

TEST(PowerOfTwoCycles, ASumOfTwoTakesTwoPassesOrTwoShifters) {
  EXPECT_EQ(cycles(one_block(two_terms, 6), engine("power_of_two")), 4u + 2 * 36 + 1 + 16);
  EXPECT_EQ(cycles(one_block(two_terms, 6), engine("power_of_two", {{"terms", "2"}})), 4u + 1 + 36 + 1 + 16);
}

TEST(PowerOfTwoCycles, AnIntegerTakesAPassPerTwoBitsAndShifter) {
  for (int bits = 2; bits <= 8; ++bits) {
    const auto digits = static_cast<unsigned>((bits + 1) / 2);
    EXPECT_EQ(cycles(one_block(0, bits), engine("power_of_two")), 4u + digits * 36 + 1 + 16);
    EXPECT_EQ(cycles(one_block(0, bits), engine("power_of_two", {{"terms", "2"}})),
              4u + 1 + (digits + 1) / 2 * 36 + 1 + 16);
  }
}

TEST(PowerOfTwoCycles, TheTreeAddsEveryShifterOfEveryLane) {
  EngineConfig config = engine("power_of_two", {{"terms", "2"}});
  config.lanes = 4;
  EXPECT_EQ(cycles(one_block(two_terms, 6), config), 4u + 3 + 9 + 1 + 16);
}

TEST(PowerOfTwoCycles, WeightStationaryDrainsAlone) {
  EngineConfig config = engine("power_of_two");
  config.dataflow = Dataflow::weight_stationary;
  MatrixTile tile = one_block(0, 8);
  tile.rows = 4;  // two column blocks
  EXPECT_EQ(cycles(tile, config), 4u + 4 * 36 * 2 + 1 + 2 * 16);
}

constexpr int two_signs = 0;
constexpr int integer_of_8 = 0b0101010101010101;

// Fill: buffer, operands, letters; shift; one level that adds two planes.
TEST(SubFiltersCycles, TwoPlanesAtOnceTakeOnePassPerWord) {
  // 16 outputs of two shifts of four bits over words of 32 bits: four cycles of header.
  EXPECT_EQ(cycles(one_block(two_signs, 2), engine("sub_filters")), 3u + 1 + 1 + 4 + 36 + 1 + 16);
}

TEST(SubFiltersCycles, FurtherPlanesAreSweepsOfTheirOwn) {
  EXPECT_EQ(cycles(one_block(integer_of_8, 8), engine("sub_filters")), 4u * (5 + 4 + 36 + 1 + 16));
  EXPECT_EQ(cycles(one_block(0b010101, 3), engine("sub_filters")), 2u * (5 + 4 + 36 + 1 + 16));
}

TEST(SubFiltersCycles, ParallelSetsPlanesPerSweepAndTheTreeBehindTheShifts) {
  EXPECT_EQ(cycles(one_block(integer_of_8, 8), engine("sub_filters", {{"parallel", "4"}})),
            2u * (3 + 1 + 2 + 4 + 36 + 1 + 16));
  EXPECT_EQ(cycles(one_block(integer_of_8, 8), engine("sub_filters", {{"parallel", "1"}})),
            8u * (3 + 1 + 4 + 36 + 1 + 16));
}

TEST(SubFiltersCycles, LanesDivideWordsAndHeaderAndDeepenTheTree) {
  EngineConfig config = engine("sub_filters");
  config.lanes = 4;
  EXPECT_EQ(cycles(one_block(two_signs, 2), config), 3u + 2 + 1 + 1 + 1 + 9 + 1 + 16);
}

TEST(SubFiltersCycles, TheHeaderOfARowBlockOverlapsTheDrainOfTheOneBefore) {
  MatrixTile tile = one_block(two_signs, 2);
  tile.channels = tile.group_outputs = 32;
  tile.window_height = tile.window_width = 1;  // 4 words and 4 cycles of header under 16 cycles of drain
  EXPECT_EQ(cycles(tile, engine("sub_filters")), 5u + (4 + 4 + 1) + (16 + 1) + 16);
}

TEST(SubFiltersCycles, AShortRowBlockHasAShortHeader) {
  MatrixTile tile = one_block(two_signs, 2);
  tile.channels = 5;  // 40 bits of shifts over words of 32
  EXPECT_EQ(cycles(tile, engine("sub_filters")), 5u + 2 + 36 + 1 + 16);
}

TEST(SubFiltersCycles, WeightStationarySweepsShareOneDrain) {
  EngineConfig config = engine("sub_filters");
  config.dataflow = Dataflow::weight_stationary;
  MatrixTile tile = one_block(integer_of_8, 8);
  tile.rows = 4;  // two column blocks
  EXPECT_EQ(cycles(tile, config), 5u + 4 * 4 + 4 * 36 * 2 + 1 + 2 * 16);
}

}  // namespace
}  // namespace lutra::accelerators
