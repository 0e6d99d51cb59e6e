#include <gtest/gtest.h>

#include "accelerators/mac/mac.h"
#include "mac_broken.h"
#include "mac_narrow.h"
#include "mac_weight_stationary.h"
#include "mac_wide.h"
#include "tests/rtl/array_bench.h"

namespace lutra::test {
namespace {

namespace array = accelerators::array;
using accelerators::EngineConfig;

template <class Model>
Differences lockstep(std::uint32_t seed, int tiles) {
  const EngineConfig config = engine_config<Model>("mac");
  const auto mac = accelerators::make_mac(config);
  ArrayBench<Model> twin(config.rows * config.lanes * config.weight_bits,
                         config.columns * config.lanes * config.activation_bits);
  Random random(seed);
  TileDraw draw;
  draw.activation_bits = config.activation_bits;
  draw.weight_bits = config.weight_bits;
  draw.most_pixels = most_pixels<Model>();
  Differences differences;
  for (int i = 0; i < tiles; ++i) {
    const RandomTile drawn = random_tile(random, draw);
    const int bits = drawn.tile.weight_bits;
    const auto packed = mac->pack(drawn.block(), network::UniformWeights{bits}, {});
    const array::WordLayout layout{config.rows, config.lanes, bits, false};
    TileRun run;
    run.tile = drawn.tile;
    run.row_blocks = array::equal_blocks(drawn.tile, config, 0, array::words(array::runs(drawn.tile), config.lanes));
    run.weights = packed_words(drawn.tile, layout, packed.bytes, config.weight_bits, true);
    run.activations = windows(drawn, config.rows, config.columns, config.lanes, config.activation_bits);
    compare(twin, *mac, drawn, run, packed.bytes, differences);
  }
  return differences;
}

template <class Model>
void expect_equal(std::uint32_t seed) {
  const Differences differences = lockstep<Model>(seed, 1000);
  EXPECT_EQ(differences.sums, 0) << "seed " << seed << differences.first;
  EXPECT_EQ(differences.cycles, 0) << "seed " << seed << differences.first;
}

TEST(MacTwin, EqualsTheModelOutputStationary) { expect_equal<mac_wide>(11); }

TEST(MacTwin, EqualsTheModelWeightStationary) { expect_equal<mac_weight_stationary>(12); }

TEST(MacTwin, EqualsTheModelWhereTheDrainIsLongerThanThePasses) { expect_equal<mac_narrow>(13); }

TEST(MacTwin, ALostSignAndALostWaitAreFound) {
  const Differences differences = lockstep<mac_broken>(13, 50);
  EXPECT_GT(differences.sums, 0);
  EXPECT_GT(differences.cycles, 0);
}

}  // namespace
}  // namespace lutra::test
