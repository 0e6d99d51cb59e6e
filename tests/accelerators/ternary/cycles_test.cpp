#include <gtest/gtest.h>

#include "tests/accelerators/ternary/arrays.h"
#include "tests/support/matrix_problem.h"

namespace lutra::accelerators {
namespace {

using test::MatrixProblem;
using test::Random;

constexpr int ternary = 0, planes = 1, shifted = 2, ternary_activations = 4;

// 16 outputs, 16 pixels, 3 x 3 x 4: one block of 36 words on a 16 x 16 x 1 array.
MatrixTile one_block(int format = ternary, int weight_bits = 2, int activation_bits = 8) {
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
          .activation_bits = activation_bits,
          .activation_signed = (format & ternary_activations) != 0,
          .weight_format = format,
          .weight_bits = weight_bits};
}

std::uint64_t cycles(const MatrixTile& tile, const EngineConfig& config = test::ternary_array()) {
  return make_ternary(config)->cycles(tile, true);
}

constexpr std::uint64_t turn_around = 1, drain = 16;

TEST(TernaryCycles, ABlockIsFillWordsTurnAroundAndDrain) {
  EXPECT_EQ(cycles(one_block()), 2u + 36 + turn_around + drain);
}

TEST(TernaryCycles, FillGrowsByOnePerLevelOfTheAdderTree) {
  EngineConfig config = test::ternary_array();
  config.lanes = 8;  // a window row of 12 elements in two words
  EXPECT_EQ(cycles(one_block(), config), 2u + 3 + 6 + turn_around + drain);
}

TEST(TernaryCycles, TheCountersFillHasALevelPerDoublingBeyondSixteenLanes) {
  const MatrixTile tile = one_block(ternary_activations, 2, 2);
  EngineConfig config = test::ternary_array("popcount");
  EXPECT_EQ(cycles(tile, config), 3u + 36 + turn_around + drain);
  config.lanes = 16;
  EXPECT_EQ(cycles(tile, config), 3u + 3 + turn_around + drain);
  config.lanes = 17;
  EXPECT_EQ(cycles(tile, config), 3u + 1 + 3 + turn_around + drain);
  config.lanes = 255;
  EXPECT_EQ(cycles(tile, config), 3u + 4 + 3 + turn_around + drain);
}

TEST(TernaryCycles, IntegersTakeAPassPerPlane) {
  EXPECT_EQ(cycles(one_block(planes, 8)), 2u + 8 * 36 + turn_around + drain);
  EXPECT_EQ(cycles(one_block(planes, 3)), 2u + 3 * 36 + turn_around + drain);
}

TEST(TernaryCycles, CountersTakeAPassPerPairOfPlanes) {
  const EngineConfig config = test::ternary_array("popcount");
  EXPECT_EQ(cycles(one_block(planes, 8, 8), config), 3u + 8 * 8 * 36 + turn_around + drain);
  EXPECT_EQ(cycles(one_block(ternary, 2, 4), config), 3u + 4 * 36 + turn_around + drain);
  EXPECT_EQ(cycles(one_block(planes + ternary_activations, 5, 2), config), 3u + 5 * 36 + turn_around + drain);
}

TEST(TernaryCycles, OutputShiftsAreAHeaderOfEachRowBlock) {
  // 16 bytes through a port of 16 rows * 1 lane * 2 bits = 4 bytes; no port is narrower.
  EXPECT_EQ(cycles(one_block(shifted)), 2u + 4 + 36 + turn_around + drain);
  MatrixTile tile = one_block(shifted);
  tile.rows = 4;  // a second column block, no second header
  EXPECT_EQ(cycles(tile), 2u + 4 + 2 * (36 + turn_around) + drain);
}

TEST(TernaryCycles, WeightStationaryPassesEveryColumnBlockUnderAWord) {
  EngineConfig config = test::ternary_array();
  config.dataflow = Dataflow::weight_stationary;
  MatrixTile tile = one_block(planes, 4);
  tile.rows = 4;
  EXPECT_EQ(cycles(tile, config), 2u + 4 * 36 * 2 + turn_around + 2 * drain);
}

// Runs a block whose dot product holds a non-zero weight in the given elements of its first output only.
TileWork skipped(const EngineConfig& config, int elements, const std::vector<int>& occupied, int bits = 0) {
  std::vector<std::int16_t> values(elements);
  for (const int element : occupied) values[element] = 1;
  const auto family = make_ternary(config);
  const network::WeightEncoding encoding =
      bits == 0 ? network::WeightEncoding(network::TernaryWeights{}) : network::UniformWeights{bits};
  const auto packed =
      family->pack({.channels = 1, .group_channels = elements, .values = values}, encoding, test::codes_of(8));
  const MatrixTile tile{.rows = 1,
                        .columns = 1,
                        .channels = 1,
                        .group_channels = elements,
                        .group_outputs = 1,
                        .input_width = 1,
                        .input_channels = elements,
                        .input_pixel_bytes = elements,
                        .weight_format = packed.format,
                        .weight_bits = packed.bits};
  const std::vector<std::uint8_t> activations(elements, 3);
  std::vector<std::int32_t> sums(1);
  const TileWork work = family->compute(tile, true, activations, packed.bytes, sums);
  EXPECT_EQ(sums[0], 3 * static_cast<int>(occupied.size()));
  EXPECT_LE(work.cycles, family->cycles(tile, true));
  EXPECT_GE(work.cycles, family->least_cycles(tile, true));
  if (occupied.empty()) {
    EXPECT_EQ(work.cycles, family->least_cycles(tile, true));
  }
  return work;
}

EngineConfig one_row(Dataflow dataflow = Dataflow::output_stationary) {
  EngineConfig config = test::ternary_array("gated", "groups");
  config.rows = 1;
  config.dataflow = dataflow;
  return config;
}

TEST(TernarySkipping, TakesTheOccupiedWordsTheBitmapsHeaderAndAStageToReadIt) {
  // 24 words: one window of their bitmap.
  EXPECT_EQ(skipped(one_row(), 24, {1, 2, 7, 20}).cycles, 3u + 1 + 4 + turn_around + 1);
  EXPECT_EQ(skipped(one_row(Dataflow::weight_stationary), 24, {1, 2, 7, 20}).cycles, 3u + 1 + 4 + turn_around + 1);
}

TEST(TernarySkipping, AnEmptyWindowOfTheBitmapTakesACycle) {
  EXPECT_EQ(skipped(one_row(), 80, {0, 1, 70}).cycles, 3u + 3 + (2 + 1 + 1) + turn_around + 1);
  EXPECT_EQ(skipped(one_row(), 80, {}).cycles, 3u + 3 + 3 + turn_around + 1);
}

TEST(TernarySkipping, EveryPassOverThePlanesSkipsTheSameWords) {
  EXPECT_EQ(skipped(one_row(), 24, {1, 2, 7, 20}, 8).cycles, 3u + 1 + 8 * 4 + turn_around + 1);
}

TEST(TernarySkipping, AWordIsOccupiedWhenAnyRowHasAWeightInIt) {
  EngineConfig config = one_row();
  config.rows = 2;
  const std::vector<std::int16_t> values = {1, 0, 0, 0, 0, 0, 0, 1};  // outputs x channels: words 0 and 3
  const auto family = make_ternary(config);
  const auto packed = family->pack({.channels = 2, .group_channels = 4, .values = values}, network::TernaryWeights{},
                                   test::codes_of(8));
  const MatrixTile tile{.rows = 1,
                        .columns = 1,
                        .channels = 2,
                        .group_channels = 4,
                        .group_outputs = 2,
                        .input_width = 1,
                        .input_channels = 4,
                        .input_pixel_bytes = 4,
                        .weight_bits = 2};
  const std::vector<std::uint8_t> activations(4, 1);
  std::vector<std::int32_t> sums(2);
  const TileWork work = family->compute(tile, true, activations, packed.bytes, sums);
  EXPECT_EQ(work.cycles, 3u + 1 + 2 + turn_around + 1);
  EXPECT_EQ(work.weight_read_bytes, 4u + 2);
  EXPECT_EQ(work.activation_read_bytes, 2u);
}

TEST(TernarySkipping, ReadsOnlyWhatItComputes) {
  const TileWork work = skipped(one_row(), 24, {1, 2, 7, 20}, 8);
  EXPECT_EQ(work.weight_read_bytes, 4u + 8 * 4);
  EXPECT_EQ(work.activation_read_bytes, 8u * 4);
  EXPECT_EQ(work.sum_read_bytes, 0u);
  EXPECT_EQ(skipped(one_row(Dataflow::weight_stationary), 24, {1, 2, 7, 20}, 8).sum_read_bytes, 8u * 4 * 4);
}

TEST(TernarySkipping, ABitmapThatHidesAWordHidesItFromTheSumToo) {
  const auto family = make_ternary(one_row());
  const MatrixTile tile{.rows = 1,
                        .columns = 1,
                        .channels = 1,
                        .group_channels = 3,
                        .group_outputs = 1,
                        .input_width = 1,
                        .input_channels = 3,
                        .input_pixel_bytes = 3,
                        .weight_bits = 2};
  const std::vector<std::uint8_t> activations = {1, 10, 100};
  const std::vector<std::uint8_t> words = {0b101, 0, 0, 0, 0b01, 0b01, 0b01};
  ASSERT_EQ(family->weight_bytes(tile), words.size());
  std::vector<std::int32_t> sums(1);
  family->compute(tile, true, activations, words, sums);
  EXPECT_EQ(sums[0], 101);
}

// Without skipping, data change no cycle.
TEST(TernaryCycles, OnlySkippingMakesThemDependOnData) {
  const std::uint32_t seed = 3;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (const std::string variant : {"gated", "popcount"})
    for (int round = 0; round < 20; ++round) {
      const EngineConfig config = test::ternary_array(variant);
      MatrixProblem problem =
          test::draw_matrix_problem(random, config, test::codes_of(3), [&](int) { return random.chance(5) ? 1 : 0; });
      const auto family = make_ternary(config);
      const TileWork work = test::expect_plain_integers(problem, *family, network::TernaryWeights{}, test::codes_of(3));
      EXPECT_EQ(work.cycles, family->cycles(problem.tile, true));
    }
}

}  // namespace
}  // namespace lutra::accelerators
