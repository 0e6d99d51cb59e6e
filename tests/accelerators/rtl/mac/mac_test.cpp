#include <gtest/gtest.h>

#include "accelerators/mac/mac.h"
#include "mac_broken.h"
#include "mac_digits.h"
#include "mac_weight_stationary.h"
#include "mac_wide.h"
#include "tests/accelerators/rtl/array_bench.h"

namespace lutra::test {
namespace {

namespace array = accelerators::array;
using accelerators::EngineConfig;

// Digit `digit_of(pass)` of every lane of `whole`, whose lanes hold `digits` of them.
ReadPort digits_of(ReadPort whole, int lanes, int digit_bits, int digits, std::function<int(int)> digit_of) {
  return [=](const Read& read) {
    const PortBits from = whole(read);
    PortBits port;
    for (int lane = 0; lane < lanes; ++lane) {
      const int first = (lane * digits + digit_of(read.pass)) * digit_bits;
      port.put(static_cast<std::size_t>(lane * digit_bits), digit_bits,
               from.get(static_cast<std::size_t>(first), digit_bits));
    }
    return port;
  };
}

template <class Model>
constexpr bool in_digits() {
  if constexpr (requires { Model::DIGITS; }) return Model::DIGITS != 0;
  return false;
}

template <class Model>
Differences lockstep(std::uint32_t seed, int tiles) {
  EngineConfig config = engine_config<Model>("mac");
  if (in_digits<Model>()) config.variant = "digit_serial";
  const auto mac = accelerators::make_mac(config);
  const int weight_lanes = config.rows * config.lanes;
  const int activation_lanes = config.columns * config.lanes;
  ArrayBench<Model> twin(weight_lanes * config.weight_bits, activation_lanes * config.activation_bits);
  Random random(seed);
  TileDraw draw;
  draw.activation_bits = in_digits<Model>() ? 8 : config.activation_bits;
  draw.weight_bits = in_digits<Model>() ? 8 : config.weight_bits;
  draw.most_pixels = most_pixels<Model>();
  Differences differences;
  for (int i = 0; i < tiles; ++i) {
    const RandomTile drawn = random_tile(random, draw);
    const int bits = drawn.tile.weight_bits;
    const int digits = (bits + config.weight_bits - 1) / config.weight_bits;
    const int parts = (drawn.tile.activation_bits + config.activation_bits - 1) / config.activation_bits;
    const auto packed = mac->pack(drawn.block(), network::UniformWeights{bits}, {});
    const array::WordLayout layout{config.rows, config.lanes, bits, false};
    const auto words = array::words(array::runs(drawn.tile), config.lanes);
    TileRun run;
    run.tile = drawn.tile;
    run.passes_per_word = digits * parts;
    run.row_blocks =
        array::equal_blocks(drawn.tile, config, 0, words * static_cast<std::uint64_t>(run.passes_per_word));
    run.weights = digits_of(packed_words(drawn.tile, layout, packed.bytes, digits * config.weight_bits, true),
                            weight_lanes, config.weight_bits, digits, [digits](int pass) { return pass % digits; });
    run.activations =
        digits_of(windows(drawn, config.rows, config.columns, config.lanes, parts * config.activation_bits),
                  activation_lanes, config.activation_bits, parts, [digits](int pass) { return pass / digits; });
    twin.top().weight_digits = static_cast<IData>(digits);
    compare(twin, *mac, drawn, run, packed.bytes, differences);
  }
  return differences;
}

template <class Model>
void expect_equal(std::uint32_t seed) {
  const Differences differences = lockstep<Model>(seed, rtl_tiles(1000));
  EXPECT_EQ(differences.sums, 0) << "seed " << seed << differences.first;
  EXPECT_EQ(differences.cycles, 0) << "seed " << seed << differences.first;
}

TEST(MacTwin, EqualsTheModelOutputStationary) { expect_equal<mac_wide>(11); }

TEST(MacTwin, EqualsTheModelWeightStationary) { expect_equal<mac_weight_stationary>(12); }

TEST(MacTwin, EqualsTheModelDigitByDigit) { expect_equal<mac_digits>(13); }

TEST(MacTwin, ALostSignAndALostWaitAreFound) {
  const Differences differences = lockstep<mac_broken>(13, 50);
  EXPECT_GT(differences.sums, 0);
  EXPECT_GT(differences.cycles, 0);
}

}  // namespace
}  // namespace lutra::test
