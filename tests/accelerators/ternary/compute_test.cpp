#include <gtest/gtest.h>

#include "tests/accelerators/ternary/arrays.h"
#include "tests/support/matrix_problem.h"

namespace lutra::accelerators {
namespace {

using test::MatrixProblem;
using test::Random;

EngineConfig random_array(Random& random, const std::string& variant) {
  EngineConfig config = test::ternary_array(variant);
  config.rows = random.between(1, 20);
  config.columns = random.between(1, 20);
  config.lanes = random.chance(4) ? random.between(60, 255) : random.between(1, 20);
  config.accumulator_bits = random.between(16, 32);
  if (random.chance(2)) config.dataflow = Dataflow::weight_stationary;
  const int skipping = random.between(0, 2);
  if (skipping == 1) config.options["zero_skipping"] = "groups";
  if (skipping == 2 && variant == "gated") config.options["zero_skipping"] = "lanes";
  return config;
}

network::ActivationEncoding random_activations(Random& random) {
  return random.chance(3) ? test::ternary_codes() : test::codes_of(random.between(2, 8), random.chance(2));
}

// Draws `value` in `density` of ten cases, else zero.
int sparse(Random& random, int density, int value) { return random.between(1, 10) <= density ? value : 0; }

TEST(TernaryCompute, TernaryWeightsEqualPlainIntegers) {
  for (const std::string variant : {"gated", "popcount"}) {
    const std::uint32_t seed = 20261121;
    SCOPED_TRACE(variant + ", seed " + std::to_string(seed));
    Random random(seed);
    for (int round = 0; round < 200; ++round) {
      SCOPED_TRACE("round " + std::to_string(round));
      const EngineConfig config = random_array(random, variant);
      const auto encoding = random_activations(random);
      const int density = random.between(0, 10);
      MatrixProblem problem = test::draw_matrix_problem(
          random, config, encoding, [&](int) { return sparse(random, density, random.chance(2) ? 1 : -1); });
      test::expect_plain_integers(problem, *make_ternary(config), network::TernaryWeights{}, encoding);
    }
  }
}

TEST(TernaryCompute, IntegersPlaneByPlaneEqualPlainIntegers) {
  for (const std::string variant : {"gated", "popcount"}) {
    const std::uint32_t seed = 88;
    SCOPED_TRACE(variant + ", seed " + std::to_string(seed));
    Random random(seed);
    for (int round = 0; round < 150; ++round) {
      SCOPED_TRACE("round " + std::to_string(round));
      const EngineConfig config = random_array(random, variant);
      const auto encoding = random_activations(random);
      const int bits = random.between(2, 8);
      const int density = random.between(0, 10);
      MatrixProblem problem = test::draw_matrix_problem(
          random, config, encoding, [&](int) { return sparse(random, density, random.code(bits, true)); });
      test::expect_plain_integers(problem, *make_ternary(config), network::UniformWeights{bits}, encoding);
    }
  }
}

TEST(TernaryCompute, EqualPowerOfTwoPlanesAreOneShiftPerOutput) {
  const std::uint32_t seed = 5;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const EngineConfig config = random_array(random, random.chance(2) ? "gated" : "popcount");
    const auto encoding = random_activations(random);
    network::PlaneWeights weights{{network::PlaneAlphabet::signs, network::PlaneAlphabet::signs}, {}};
    std::vector<int> exponents;
    for (int k = 0; k < 27; ++k) {
      exponents.push_back(random.between(0, 5));
      for (int plane = 0; plane < 2; ++plane)
        weights.coefficients.push_back(static_cast<std::int16_t>(1 << exponents.back()));
    }
    MatrixProblem problem = test::draw_matrix_problem(
        random, config, encoding, [&](int k) { return random.between(-1, 1) * (2 << exponents[k]); });
    test::expect_plain_integers(problem, *make_ternary(config), weights, encoding);
  }
}

// One output of one pixel with as many channels as weights.
struct DotProduct {
  EngineConfig config;
  std::vector<std::uint8_t> activations;
  std::vector<std::uint8_t> weights;
  MatrixTile tile;

  std::int32_t sum() const {
    std::vector<std::int32_t> sums(1);
    make_ternary(config)->compute(tile, true, activations, weights, sums);
    return sums[0];
  }
};

TEST(TernaryCompute, ACodeOfANegativeZeroCountsAsZero) {
  DotProduct product{.config = test::ternary_array("popcount"),
                     .activations = {0b11'10'01'10},
                     .weights = {0b01, 0b01, 0b01, 0b10},
                     .tile = {.rows = 1,
                              .columns = 1,
                              .channels = 1,
                              .group_channels = 4,
                              .group_outputs = 1,
                              .input_width = 1,
                              .input_channels = 4,
                              .input_pixel_bytes = 1,
                              .activation_bits = 2,
                              .activation_signed = true,
                              .weight_format = 4,
                              .weight_bits = 2}};
  EXPECT_EQ(product.sum(), 1);  // x = 0, 1, 0, -1 and w = 1, 1, 1, 0
  product.weights = {0b11, 0b11, 0b01, 0b11};
  EXPECT_EQ(product.sum(), 0 - 1 + 0 + 1);
}

TEST(TernaryCompute, WrapsAtTheAccumulatorsWidth) {
  EngineConfig config = test::ternary_array();
  config.accumulator_bits = 16;
  DotProduct product{.config = config,
                     .activations = std::vector<std::uint8_t>(129, 255),
                     .weights = std::vector<std::uint8_t>(129, 0b01),
                     .tile = {.rows = 1,
                              .columns = 1,
                              .channels = 1,
                              .group_channels = 129,
                              .group_outputs = 1,
                              .input_width = 1,
                              .input_channels = 129,
                              .input_pixel_bytes = 129,
                              .weight_bits = 2}};
  EXPECT_EQ(product.sum(), 129 * 255 - 65536);
}

TEST(TernaryCompute, SplitsItsLanesByWhatTheyDid) {
  // Two outputs of four channels: 1, 0, -1, 0 and 0, 0, 0, 1; activations 3, 0, 2, 1.
  const std::vector<std::int16_t> values = {1, 0, -1, 0, 0, 0, 0, 1};
  const WeightBlock block{.channels = 2, .group_channels = 4, .values = values};
  const auto counts = [&](const std::string& variant, const std::string& skipping, int lanes) {
    EngineConfig config = test::ternary_array(variant, skipping);
    config.rows = 2;
    config.columns = 1;
    config.lanes = lanes;
    const auto family = make_ternary(config);
    const auto packed = family->pack(block, network::TernaryWeights{}, test::codes_of(2));
    const MatrixTile tile{.rows = 1,
                          .columns = 1,
                          .channels = 2,
                          .group_channels = 4,
                          .group_outputs = 2,
                          .input_width = 1,
                          .input_channels = 4,
                          .input_pixel_bytes = 1,
                          .activation_bits = 2,
                          .weight_format = packed.format,
                          .weight_bits = packed.bits};
    const std::vector<std::uint8_t> activations = {0b01'10'00'11};
    std::vector<std::int32_t> sums(2);
    const TileWork work = family->compute(tile, true, activations, packed.bytes, sums);
    EXPECT_EQ(sums, (std::vector<std::int32_t>{1, 1}));
    const std::uint64_t lanes_clocked = work.cycles * 2 * lanes;
    const auto idle = work.event_counts.end()[-2];
    std::uint64_t products = 0;
    for (auto count = work.event_counts.begin(); count != work.event_counts.end() - 2; ++count) products += *count;
    const std::uint64_t skipped = work.event_counts.end()[-3];
    EXPECT_EQ(idle + products - skipped, lanes_clocked);
    EXPECT_EQ(work.event_counts.back(), 2u);
    return std::vector<std::uint64_t>(work.event_counts.begin(), work.event_counts.end() - 2);
  };
  using Counts = std::vector<std::uint64_t>;
  EXPECT_EQ(counts("gated", "none", 1), (Counts{3, 5, 0, 0}));
  EXPECT_EQ(counts("gated", "lanes", 1), (Counts{3, 0, 5, 0}));
  EXPECT_EQ(counts("gated", "groups", 1), (Counts{3, 3, 0, 2}));  // channel 1 is zero in both
  EXPECT_EQ(counts("gated", "groups", 2), (Counts{3, 5, 0, 0}));
  // Two planes of activations: 11, 00, 10, 01 meet the three weights in 2 + 1 + 1 bits of 2 * 8.
  EXPECT_EQ(counts("popcount", "none", 1), (Counts{4, 12, 0}));
  EXPECT_EQ(counts("popcount", "groups", 1), (Counts{4, 8, 4}));
}

}  // namespace
}  // namespace lutra::accelerators
