#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/accelerators/shift_add/random_problem.h"

namespace lutra::accelerators {
namespace {

using test::Random;
using ::testing::ElementsAre;

std::vector<int> exponents(Random& random, int highest) {
  std::vector<int> chosen;
  for (int e = 0; e <= highest; ++e)
    if (random.chance(2)) chosen.push_back(e);
  if (chosen.empty()) chosen.push_back(random.between(0, highest));
  return chosen;
}

network::WeightEncoding random_encoding(Random& random) {
  switch (random.between(0, 3)) {
    case 0:
      return network::UniformWeights{random.between(2, 8)};
    case 1:
      return network::TernaryWeights{};
    case 2:
      return network::PowerOfTwoWeights{{exponents(random, 6)}};
    default:
      return network::PowerOfTwoWeights{{exponents(random, 5), exponents(random, 5)}};
  }
}

TEST(PowerOfTwoCompute, EqualsPlainIntegersOnRandomTiles) {
  const std::uint32_t seed = 20260311;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 400; ++round) {
    EngineConfig config = test::random_shift_add(random);
    config.options["terms"] = random.chance(2) ? "1" : "2";
    config.options["zero_gating"] = random.chance(2) ? "true" : "false";
    const network::WeightEncoding weights = random_encoding(random);
    const network::ActivationEncoding activations = test::random_activations(random);
    test::MatrixProblem problem = test::random_problem(random, config, weights, activations);
    SCOPED_TRACE("round " + std::to_string(round) + ", " + network::encoding_name(weights));
    const auto family = make_shift_add(config);
    const TileWork work = test::expect_plain_integers(problem, *family, weights, activations);
    EXPECT_EQ(work.cycles, family->cycles(problem.tile, true));
    if (HasFailure()) return;
  }
}

TEST(PowerOfTwoCompute, EveryIntegerIsTheSumOfItsDigits) {
  for (int bits = 2; bits <= 8; ++bits)
    for (int value = -(1 << (bits - 1)); value < 1 << (bits - 1); ++value) {
      SCOPED_TRACE(std::to_string(value) + " of " + std::to_string(bits) + " bits");
      auto problem = test::one_dot_product({}, {201}, {static_cast<std::int16_t>(value)});
      test::expect_plain_integers(problem, *make_shift_add(problem.config), network::UniformWeights{bits}, {});
    }
}

TEST(PowerOfTwoCompute, ShiftsAreCountedWhereNeitherWeightNorActivationIsZero) {
  const std::uint32_t seed = 97;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    EngineConfig config = test::random_shift_add(random);
    const bool gating = random.chance(2);
    config.pipeline = 16;  // a register behind every step
    config.options["zero_gating"] = gating ? "true" : "false";
    network::WeightEncoding weights = network::TernaryWeights{};
    if (random.chance(2)) weights = network::PowerOfTwoWeights{{{0, 2, 3, 6}}};
    const network::ActivationEncoding activations = test::random_activations(random);
    auto problem = test::random_problem(random, config, weights, activations);
    const test::Products products = test::count_products(problem);
    const TileWork work = test::expect_plain_integers(problem, *make_shift_add(config), weights, activations);
    const std::uint64_t zeros = products.all - products.of_nonzeros;
    const std::uint64_t shifters = std::uint64_t{1} * config.rows * config.columns * config.lanes;
    EXPECT_THAT(work.event_counts, ElementsAre(products.of_nonzeros, gating ? 0 : zeros, gating ? zeros : 0,
                                               work.cycles * shifters - products.all, problem.start.size()));
  }
}

TEST(PowerOfTwoCompute, NothingIsHeldStillWithoutARegisterBehindTheShift) {
  Random random(99);
  EngineConfig config = test::random_shift_add(random);
  config.pipeline = 0;
  const auto problem = test::random_problem(random, config, network::TernaryWeights{}, {});
  auto held = problem;
  const TileWork work = test::expect_plain_integers(held, *make_shift_add(config), network::TernaryWeights{}, {});
  EXPECT_GT(work.event_counts[1], 0u);
  EXPECT_EQ(work.event_counts[2], 0u);
}

TEST(PowerOfTwoCompute, AnIntegersDigitsAreCountedOneByOne) {
  // 64 + 16 + 4 + 1; 8 - 1; an activation of zero; no digit at all.
  auto problem = test::one_dot_product({}, {1, 1, 0, 1}, {85, 7, 85, 0});
  const TileWork work =
      test::expect_plain_integers(problem, *make_shift_add(problem.config), network::UniformWeights{8}, {});
  EXPECT_EQ(work.event_counts[0], 4u + 2);
  EXPECT_EQ(work.event_counts[2], 4u * 4 - 6);
}

TEST(PowerOfTwoCompute, ASecondShifterWithoutADigitIsIdle) {
  EngineConfig config;
  config.options["terms"] = "2";
  auto problem = test::one_dot_product(config, {1, 1}, {1, -1});
  const TileWork work =
      test::expect_plain_integers(problem, *make_shift_add(problem.config), network::TernaryWeights{}, {});
  EXPECT_EQ(work.event_counts[0], 2u);
  EXPECT_EQ(work.event_counts[3], 2 * work.cycles - 2);
}

}  // namespace
}  // namespace lutra::accelerators
