#include <gtest/gtest.h>

#include "accelerators/lut/lut.h"
#include "tests/accelerators/lut/lut_config.h"

namespace lutra::accelerators {
namespace {

std::uint64_t cycles(const EngineConfig& config, int format, int bits, int pixel_rows = 2) {
  MatrixTile tile = test::one_block();
  tile.rows = pixel_rows;
  tile.weight_format = format;
  tile.weight_bits = bits;
  return make_lut(config)->cycles(tile, true);
}

TEST(CodebookCycles, IntegersTakeAPassPerWord) {
  EXPECT_EQ(cycles(test::lut_array("codebook"), 0, 8), 5u + 9 + 1 + 16);
}

TEST(CodebookCycles, TheTableTravelsAheadOfTheFirstRowBlock) {
  EngineConfig config = test::lut_array("codebook");
  EXPECT_EQ(cycles(config, 1, 4), 5u + 1 + 9 + 1 + 16);  // 16 bytes in a word of 64
  config.rows = 2;
  config.lanes = 1;  // eight row blocks of 36 passes; words of two bytes
  EXPECT_EQ(cycles(config, 1, 4), 3u + 8 + 8 * (36 + 1) + 2);
  EXPECT_EQ(cycles(config, 1, 2), 3u + 2 + 8 * (36 + 1) + 2);
}

TEST(CodebookCycles, WeightStationarySumsDrainAlone) {
  EngineConfig config = test::lut_array("codebook");
  config.dataflow = Dataflow::weight_stationary;
  EXPECT_EQ(cycles(config, 1, 4, 4), 5u + 1 + 9 * 2 + 1 + 2 * 16);
}

TEST(CodebookEvents, AWeightIsReadFromTheTableForEveryColumnBlock) {
  const auto lut = make_lut(test::lut_array("codebook"));
  MatrixTile tile = test::one_block();
  tile.rows = 4;
  tile.weight_format = 1;
  tile.weight_bits = 4;
  std::vector<std::int32_t> sums(static_cast<std::size_t>(tile.rows) * tile.columns * tile.channels);
  const TileWork work = lut->compute(tile, true, std::vector<std::uint8_t>(activation_bytes(tile)),
                                     std::vector<std::uint8_t>(lut->weight_bytes(tile)), sums);
  ASSERT_EQ(lut->events()[0].event, "codebook_read");
  EXPECT_EQ(work.event_counts[0], 2u * 16 * 36);
  EXPECT_EQ(work.event_counts[1], 0u);  // every activation is zero
  EXPECT_EQ(work.event_counts[2], 32u * 16 * 36);
  EXPECT_EQ(work.event_counts[2] + work.event_counts[3], work.cycles * 16 * 16 * 4);
  EXPECT_EQ(work.event_counts[4], 32u * 16);
}

}  // namespace
}  // namespace lutra::accelerators
