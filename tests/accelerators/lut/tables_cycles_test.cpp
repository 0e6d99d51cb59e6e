#include <gtest/gtest.h>

#include "accelerators/lut/lut.h"
#include "tests/accelerators/lut/lut_config.h"

namespace lutra::accelerators {
namespace {

using test::lut_array;
using test::one_block;

EngineConfig tables(std::map<std::string, std::string> options = {}, int lanes = 4) {
  EngineConfig config = lut_array("tables");
  config.options = std::move(options);
  config.lanes = lanes;
  return config;
}

std::uint64_t cycles(const EngineConfig& config, int weight_bits, MatrixTile tile = one_block()) {
  tile.weight_bits = weight_bits;
  return make_lut(config)->cycles(tile, true);
}

TileWork work(const EngineConfig& config, int weight_bits, MatrixTile tile = one_block()) {
  tile.weight_bits = weight_bits;
  const auto lut = make_lut(config);
  std::vector<std::int32_t> sums(static_cast<std::size_t>(tile.rows) * tile.columns * tile.channels);
  return lut->compute(tile, true, std::vector<std::uint8_t>(activation_bytes(tile)),
                      std::vector<std::uint8_t>(lut->weight_bytes(tile)), sums);
}

std::uint64_t events(const EngineConfig& config, const TileWork& work, const std::string& name) {
  const auto infos = make_lut(config)->events();
  for (std::size_t i = 0; i < infos.size(); ++i)
    if (infos[i].event == name) return work.event_counts[i];
  ADD_FAILURE() << "no event " << name;
  return 0;
}

// Nine words of four activations: fill, then a pass per word and plane, turn-around, drain.
TEST(TablesCycles, EachPlaneOfAWordIsAPass) {
  for (int bits = 1; bits <= 8; ++bits) EXPECT_EQ(cycles(tables(), bits), 5u + 9 * bits + 1 + 16) << bits;
}

TEST(TablesCycles, FillGrowsByOnePerLevelOfTheAdderTree) {
  EXPECT_EQ(cycles(tables({}, 8), 4), 6u + 6 * 4 + 1 + 16);
  EXPECT_EQ(cycles(tables({{"group", "2"}}, 4), 4), 6u + 9 * 4 + 1 + 16);
  EXPECT_EQ(cycles(tables({}, 12), 4), 7u + 3 * 4 + 1 + 16);
}

TEST(TablesCycles, ASerialBuilderTakesAWordsPlanesOrItsEntriesWhicheverAreMore) {
  // Full tables of four: 15 sums other than zero.
  EXPECT_EQ(cycles(tables({{"build", "serial"}}), 4), 4u + 15 + 9 * 15 + 1 + 16);
  // Full tables of two: 3 sums, hidden behind 4 planes.
  EXPECT_EQ(cycles(tables({{"build", "serial"}, {"group", "2"}}), 4), 5u + 3 + 9 * 4 + 1 + 16);
  EXPECT_EQ(cycles(tables({{"build", "serial"}, {"group", "2"}}), 2), 5u + 3 + 9 * 3 + 1 + 16);
  // Half tables of four: four additions to the first entry, one to each of the seven others.
  EXPECT_EQ(cycles(tables({{"build", "serial"}, {"half_tables", "true"}}), 4), 5u + 11 + 9 * 11 + 1 + 16);
}

TEST(TablesCycles, HalfTablesCorrectTheSumAStageAfterTheDrain) {
  EXPECT_EQ(cycles(tables({{"half_tables", "true"}}), 4), cycles(tables(), 4) + 1);
}

TEST(TablesCycles, PlanesWithCoefficientsDrainOneByOne) {
  MatrixTile tile = one_block();
  tile.weight_format = 2;
  // Two coefficients of two bytes for 16 rows over a word of eight bytes; two stages after the drain.
  EXPECT_EQ(cycles(tables({{"coefficients", "multiply"}}), 2, tile), 7u + 8 + 9 * 2 + 1 + 2 * 16);
  tile.weight_format = 6;  // and the sum of all activations
  EXPECT_EQ(cycles(tables({{"coefficients", "multiply"}}), 2, tile), 7u + 12 + 9 * 2 + 1 + 3 * 16);
  EXPECT_EQ(cycles(tables({{"coefficients", "shift"}}), 2, tile), 7u + 6 + 9 * 2 + 1 + 3 * 16);
}

TEST(TablesCycles, EveryRowBlockFetchesItsCoefficients) {
  MatrixTile tile = one_block();
  tile.weight_format = 2;
  tile.channels = tile.group_outputs =
      24;  // a full row block, then one of eight rows; 9 * 4 passes hide no drain of 64
  const EngineConfig config = tables({{"coefficients", "multiply"}});
  EXPECT_EQ(cycles(config, 4, tile), 7u + (16 + 36) + 1 + 64 + 1 + 64);
  tile.window_height = 9;
  EXPECT_EQ(cycles(config, 4, tile), 7u + (16 + 108) + 1 + (8 + 108) + 1 + 64);
}

TEST(TablesCycles, ALevelTableIsReadOncePerTile) {
  MatrixTile tile = one_block();
  tile.weight_format = 1;
  tile.activation_bits = 4;  // 16 bytes, eight per cycle
  EXPECT_EQ(cycles(tables({{"levels", "true"}}), 4, tile), 5u + 2 + 9 * 4 + 1 + 16);
  tile.channels = tile.group_outputs = 32;
  EXPECT_EQ(cycles(tables({{"levels", "true"}}), 4, tile), 5u + 2 + 2 * (9 * 4 + 1) + 16);
}

TEST(TablesEvents, ATableIsBuiltOncePerWordAndSharedByTheRows) {
  // 16 pixels, nine groups; two-level sums of four: 11 additions.
  EXPECT_EQ(events(tables(), work(tables(), 4), "table_build"), 16u * 9 * 11);
  MatrixTile tile = one_block();
  tile.channels = tile.group_outputs = 32;  // another row block builds it again
  EXPECT_EQ(events(tables(), work(tables(), 4, tile), "table_build"), 2u * 16 * 9 * 11);
  tile.channels = tile.group_outputs = 3;  // three rows cost what sixteen do
  EXPECT_EQ(events(tables(), work(tables(), 4, tile), "table_build"), 16u * 9 * 11);
}

TEST(TablesEvents, CountAdditionsOfATable) {
  const auto additions = [](const char* group, const char* half, const char* build) {
    const EngineConfig config = tables({{"group", group}, {"half_tables", half}, {"build", build}}, 60);
    MatrixTile tile = test::one_pixel();
    return events(config, work(config, 4, tile), "table_build");
  };
  EXPECT_EQ(additions("2", "false", "parallel"), 1u);  // a + b
  EXPECT_EQ(additions("3", "false", "parallel"), 4u);
  EXPECT_EQ(additions("4", "false", "parallel"), 11u);
  EXPECT_EQ(additions("5", "false", "parallel"), 26u);
  EXPECT_EQ(additions("2", "true", "parallel"), 2u);  // a + b, a - b
  EXPECT_EQ(additions("3", "true", "parallel"), 6u);  // those, and each +- c
  EXPECT_EQ(additions("4", "true", "parallel"), 12u);
  EXPECT_EQ(additions("5", "true", "parallel"), 24u);
  EXPECT_EQ(additions("4", "false", "serial"), 15u);
  EXPECT_EQ(additions("4", "true", "serial"), 11u);
}

TEST(TablesEvents, LookupsAndBubblesAreWhatTheArrayClocks) {
  const TileWork done = work(tables(), 4);
  EXPECT_EQ(events(tables(), done, "lookup"), 16u * 16 * 9 * 4);
  EXPECT_EQ(events(tables(), done, "lookup") + events(tables(), done, "idle_lookup"), done.cycles * 16 * 16);
  EXPECT_EQ(events(tables(), done, "accumulate"), 16u * 16 * 9 * 4);
  EXPECT_EQ(events(tables(), done, "drain"), 16u * 16);
  EXPECT_EQ(events(tables(), done, "column_sum"), 0u);
  EXPECT_EQ(events(tables(), done, "correct"), 0u);
}

TEST(TablesEvents, HalfTablesPayForTheSumOfAllActivations) {
  const EngineConfig config = tables({{"half_tables", "true"}});
  const TileWork done = work(config, 4);
  EXPECT_EQ(events(config, done, "column_sum"), 16u * 9);
  EXPECT_EQ(events(config, done, "correct"), 16u * 16);
}

TEST(TablesEvents, CoefficientsAreMultipliedOncePerOutput) {
  MatrixTile tile = one_block();
  tile.weight_format = 2;
  const EngineConfig multiply = tables({{"coefficients", "multiply"}});
  EXPECT_EQ(events(multiply, work(multiply, 3, tile), "scale"), 3u * 16 * 16);
  EXPECT_EQ(events(multiply, work(multiply, 3, tile), "drain"), 3u * 16 * 16);
  EXPECT_EQ(events(multiply, work(multiply, 3, tile), "column_sum"), 0u);
  const EngineConfig shift = tables({{"coefficients", "shift"}});
  EXPECT_EQ(events(shift, work(shift, 3, tile), "correct"), 3u * 16 * 16);
  EXPECT_EQ(events(shift, work(shift, 3, tile), "scale"), 0u);
}

TEST(TablesTraffic, ReadsEachActivationOncePerRowBlockAndEveryPlaneOncePerColumnBlock) {
  const TileWork done = work(tables(), 4);
  EXPECT_EQ(done.activation_read_bytes, 16u * 9 * 4);
  EXPECT_EQ(done.weight_read_bytes, 9u * 4 * 16 * 4 / 8);
  MatrixTile tile = one_block();
  tile.rows = 4;
  EXPECT_EQ(work(tables(), 4, tile).weight_read_bytes, 2u * 9 * 4 * 16 * 4 / 8);
}

}  // namespace
}  // namespace lutra::accelerators
