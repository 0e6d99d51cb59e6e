#include <gtest/gtest.h>

#include "accelerators/lut/lut.h"
#include "tests/accelerators/lut/lut_config.h"
#include "tests/support/matrix_problem.h"

namespace lutra::accelerators {
namespace {

using test::MatrixProblem;
using test::Random;

EngineConfig random_tables(Random& random, bool coefficients) {
  EngineConfig config = test::lut_array("tables");
  const int group = random.between(2, 5);
  config.rows = random.between(1, 20);
  config.columns = random.between(1, 20);
  config.lanes = group * random.between(1, 4);
  config.accumulator_bits = random.between(16, 32);
  config.options = {{"group", std::to_string(group)},
                    {"half_tables", random.chance(2) ? "true" : "false"},
                    {"build", random.chance(2) ? "serial" : "parallel"},
                    {"levels", "true"}};
  if (coefficients) {
    config.options["coefficients"] = "multiply";
    config.options["planes"] = "8";
  }
  return config;
}

network::ActivationEncoding random_activation(Random& random) {
  network::ActivationEncoding encoding;
  encoding.bits = random.between(1, 8);
  encoding.is_signed = random.chance(2);
  if (encoding.bits <= 4 && random.chance(2))
    for (int code = 0; code < 1 << encoding.bits; ++code) encoding.levels.push_back(random.between(-128, 127));
  return encoding;
}

// Coefficients whose sums stay within eight bits.
network::PlaneWeights random_planes(Random& random, int channels) {
  network::PlaneWeights weights;
  const int planes = random.between(1, 8);
  for (int p = 0; p < planes; ++p) weights.planes.push_back(static_cast<network::PlaneAlphabet>(random.between(0, 2)));
  const int most = 127 / planes;
  for (int i = 0; i < channels * planes; ++i)
    weights.coefficients.push_back(static_cast<std::int16_t>(random.between(-most, most)));
  return weights;
}

TEST(TablesCompute, IntegersOfEveryWidthEqualPlainIntegers) {
  const std::uint32_t seed = 20261121;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const auto activation = random_activation(random);
    const int bits = random.between(2, 8);
    MatrixProblem problem = draw_matrix_problem(random, random_tables(random, random.chance(4)), activation,
                                                [&](int) { return random.code(bits, true); });
    const auto lut = make_lut(problem.config);
    const TileWork work = expect_plain_integers(problem, *lut, network::UniformWeights{bits}, activation);
    EXPECT_EQ(work.cycles, lut->cycles(problem.tile, true));
    if (HasFailure()) return;
  }
}

TEST(TablesCompute, TernaryWeightsAreTwoPlanes) {
  const std::uint32_t seed = 3;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 40; ++round) {
    const auto activation = random_activation(random);
    MatrixProblem problem = draw_matrix_problem(random, random_tables(random, false), activation,
                                                [&](int) { return random.between(-1, 1); });
    expect_plain_integers(problem, *make_lut(problem.config), network::TernaryWeights{}, activation);
    EXPECT_EQ(problem.tile.weight_bits, 2);
  }
}

TEST(TablesCompute, PlanesOfAnyAlphabetMeetTheirCoefficientsAtTheOutput) {
  const std::uint32_t seed = 77;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const auto activation = random_activation(random);
    const network::PlaneWeights planes = random_planes(random, 64);
    MatrixProblem problem = draw_matrix_problem(random, random_tables(random, true), activation, [&](int channel) {
      const std::vector<int> values = network::weight_values(planes, channel);
      return values[static_cast<std::size_t>(random.between(0, static_cast<int>(values.size()) - 1))];
    });
    expect_plain_integers(problem, *make_lut(problem.config), planes, activation);
    if (HasFailure()) return;
  }
}

TEST(TablesCompute, PowersOfTwoNeedOnlyAShifter) {
  const std::uint32_t seed = 12;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    EngineConfig config = random_tables(random, true);
    config.options["coefficients"] = "shift";
    const bool half = config.options["half_tables"] == "true";
    // Without a sum of all activations: signs in half tables, bits in full ones.
    network::PlaneWeights planes;
    for (int p = random.between(1, 3); p > 0; --p)
      planes.planes.push_back(half               ? network::PlaneAlphabet::signs
                              : random.chance(2) ? network::PlaneAlphabet::positive
                                                 : network::PlaneAlphabet::negative);
    for (std::size_t i = 0; i < 64 * planes.planes.size(); ++i)
      planes.coefficients.push_back(static_cast<std::int16_t>(random.chance(8) ? 0 : 1 << random.between(0, 5)));
    const auto activation = random_activation(random);
    MatrixProblem problem = draw_matrix_problem(random, config, activation, [&](int channel) {
      const std::vector<int> values = network::weight_values(planes, channel);
      return values[static_cast<std::size_t>(random.between(0, static_cast<int>(values.size()) - 1))];
    });
    expect_plain_integers(problem, *make_lut(config), planes, activation);
    if (HasFailure()) return;
  }
}

// The coefficients of a block that begins at another output channel are those of its own channels.
TEST(TablesCompute, ABlockTakesTheCoefficientsOfItsFirstOutput) {
  EngineConfig config = test::lut_array("tables");
  config.options["coefficients"] = "multiply";
  const network::PlaneWeights planes{{network::PlaneAlphabet::signs}, {3, 5}};
  const std::vector<std::int16_t> weight = {-5};
  const auto lut = make_lut(config);
  const auto packed = lut->pack({.channels = 1, .group_channels = 1, .first_output = 1, .values = weight}, planes, {});
  MatrixTile tile = test::one_pixel();
  tile.weight_format = packed.format;
  tile.weight_bits = packed.bits;
  std::vector<std::int32_t> sums = {100};
  lut->compute(tile, true, std::vector<std::uint8_t>{7}, packed.bytes, sums);
  EXPECT_EQ(sums[0], 100 - 35);
}

TEST(TablesCompute, WrapsAtTheAccumulatorsWidth) {
  for (const char* half : {"false", "true"}) {
    EngineConfig config = test::lut_array("tables");
    config.accumulator_bits = 16;
    config.options["half_tables"] = half;
    const auto lut = make_lut(config);
    const std::vector<std::int16_t> weight = {127};
    const auto packed =
        lut->pack({.channels = 1, .group_channels = 1, .values = weight}, network::UniformWeights{8}, {});
    std::vector<std::int32_t> sums = {383};
    lut->compute(test::one_pixel(), true, std::vector<std::uint8_t>{255}, packed.bytes, sums);
    EXPECT_EQ(sums[0], 32768 - 65536);
  }
}

// A malformed command may pair any header with any coefficient; it must yield a value, not undefined behaviour.
TEST(TablesCompute, AcceptsAnyBytesAsWeights) {
  const std::uint32_t seed = 5;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 100; ++round) {
    EngineConfig config = random_tables(random, true);
    if (random.chance(2)) config.options["coefficients"] = "shift";
    const auto activation = random_activation(random);
    MatrixProblem problem = draw_matrix_problem(random, config, activation, [](int) { return 0; });
    const auto lut = make_lut(config);
    problem.tile.weight_format = random.between(0, 9);
    problem.tile.weight_bits = random.between(0, 9);
    if (!lut->refuses_tile(problem.tile).empty()) continue;
    std::vector<std::uint8_t> weights(lut->weight_bytes(problem.tile));
    for (auto& byte : weights) byte = static_cast<std::uint8_t>(random.between(0, 255));
    std::vector<std::uint8_t> activations(activation_bytes(problem.tile));
    for (auto& byte : activations) byte = static_cast<std::uint8_t>(random.between(0, 255));
    std::vector<std::int32_t> sums = problem.start;
    const TileWork work = lut->compute(problem.tile, true, activations, weights, sums);
    EXPECT_EQ(work.cycles, lut->cycles(problem.tile, true));
    const std::int64_t half = std::int64_t{1} << (config.accumulator_bits - 1);
    for (const std::int32_t sum : sums) ASSERT_TRUE(sum >= -half && sum < half) << sum;
  }
}

}  // namespace
}  // namespace lutra::accelerators
