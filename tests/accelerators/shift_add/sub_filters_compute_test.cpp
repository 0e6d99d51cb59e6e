#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/accelerators/shift_add/random_problem.h"

namespace lutra::accelerators {
namespace {

using test::Random;
using ::testing::ElementsAre;

constexpr int most_outputs = 27;  // of a random problem

network::PlaneWeights random_planes(Random& random) {
  network::PlaneWeights planes;
  const int count = random.between(1, 5);
  for (int p = 0; p < count; ++p) planes.planes.push_back(static_cast<network::PlaneAlphabet>(random.between(0, 2)));
  for (int i = 0; i < most_outputs * count; ++i) {
    const int power = 1 << random.between(0, 4);
    planes.coefficients.push_back(static_cast<std::int16_t>(random.chance(9) ? 0 : random.chance(3) ? -power : power));
  }
  return planes;
}

network::WeightEncoding random_encoding(Random& random) {
  switch (random.between(0, 3)) {
    case 0:
      return network::UniformWeights{random.between(2, 8)};
    case 1:
      return network::TernaryWeights{};
    default:
      return random_planes(random);
  }
}

EngineConfig random_sub_filters(Random& random) {
  EngineConfig config = test::random_shift_add(random);
  config.variant = "sub_filters";
  config.options["parallel"] = std::to_string(random.between(1, 4));
  config.options["zero_gating"] = random.chance(2) ? "true" : "false";
  return config;
}

TEST(SubFiltersCompute, EqualsPlainIntegersOnRandomTiles) {
  const std::uint32_t seed = 20260312;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 400; ++round) {
    const EngineConfig config = random_sub_filters(random);
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

TEST(SubFiltersCompute, LettersAreCountedWhereNeitherLetterNorActivationIsZero) {
  const std::uint32_t seed = 98;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    EngineConfig config = random_sub_filters(random);
    config.pipeline = 16;  // a register behind every step
    const network::ActivationEncoding activations = test::random_activations(random);
    auto problem = test::random_problem(random, config, network::TernaryWeights{}, activations);
    const test::Products products = test::count_products(problem);
    const TileWork work =
        test::expect_plain_integers(problem, *make_shift_add(config), network::TernaryWeights{}, activations);
    const bool gating = config.options.at("zero_gating") == "true";
    const std::uint64_t letters = 2 * products.all;  // a plane of +1 and one of -1
    const std::uint64_t zeros = letters - products.of_nonzeros;
    const std::uint64_t lanes =
        std::uint64_t{1} * config.rows * config.columns * config.lanes * std::stoi(config.options.at("parallel"));
    EXPECT_EQ(work.event_counts[0], products.of_nonzeros);
    EXPECT_EQ(work.event_counts[1], gating ? 0 : zeros);
    EXPECT_EQ(work.event_counts[2], gating ? zeros : 0);
    EXPECT_EQ(work.event_counts[3], work.cycles * lanes - letters);
  }
}

TEST(SubFiltersCompute, SignsHaveNoZeroAndShiftOncePerPlaneAndOutput) {
  EngineConfig config;
  config.variant = "sub_filters";
  auto problem = test::one_dot_product(config, {1, 0, 3}, {6, -6, 2});
  const network::PlaneWeights planes{{network::PlaneAlphabet::signs, network::PlaneAlphabet::signs}, {4, 2}};
  const TileWork work = test::expect_plain_integers(problem, *make_shift_add(problem.config), planes, {});
  EXPECT_THAT(work.event_counts, ElementsAre(4, 0, 2, 2 * work.cycles - 6, 2, 2));
}

TEST(SubFiltersCompute, ALongSumOfTheLargestActivationsIsExact) {
  EngineConfig config;
  config.variant = "sub_filters";
  for (const int bits : {8, 16}) {
    network::ActivationEncoding activations{.bits = bits, .is_signed = bits == 16, .levels = {}};
    const std::size_t length = 9000;
    auto problem = test::one_dot_product(config, std::vector<int>(length, activations.highest()),
                                         std::vector<std::int16_t>(length, -1));
    problem.tile.activation_bits = problem.config.activation_bits = bits;
    problem.tile.activation_signed = activations.is_signed;
    problem.tile.input_pixel_bytes *= bits / 8;
    test::expect_plain_integers(problem, *make_shift_add(problem.config), network::TernaryWeights{}, activations);
  }
}

TEST(SubFiltersCompute, WeightStationarySumsAreShiftedInEveryPass) {
  EngineConfig config;
  config.variant = "sub_filters";
  config.dataflow = Dataflow::weight_stationary;
  auto problem = test::one_dot_product(config, {1, 0, 3}, {6, -6, 2});
  const network::PlaneWeights planes{{network::PlaneAlphabet::signs, network::PlaneAlphabet::signs}, {4, 2}};
  const TileWork work = test::expect_plain_integers(problem, *make_shift_add(problem.config), planes, {});
  EXPECT_EQ(work.event_counts[4], 2u * 3);  // three words
  EXPECT_EQ(work.event_counts[5], 1u);
}

TEST(SubFiltersCompute, SweepsAddUpInTheAccumulatorBuffer) {
  EngineConfig config;
  config.variant = "sub_filters";
  config.accumulator_bits = 24;
  auto problem = test::one_dot_product(config, {7}, {-99});
  const TileWork four =
      test::expect_plain_integers(problem, *make_shift_add(problem.config), network::UniformWeights{8}, {});
  EXPECT_EQ(four.sum_read_bytes, 3u * 3);  // three sweeps after the first
  EXPECT_EQ(four.sum_write_bytes, 3u * 3);
  problem.weights = {1};
  const TileWork one =
      test::expect_plain_integers(problem, *make_shift_add(problem.config), network::UniformWeights{2}, {});
  EXPECT_EQ(one.sum_read_bytes, 0u);
  EXPECT_EQ(one.sum_write_bytes, 0u);
}

}  // namespace
}  // namespace lutra::accelerators
