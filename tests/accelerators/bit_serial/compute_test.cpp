#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accelerators/bit_serial/bit_serial.h"
#include "tests/support/matrix_problem.h"

namespace lutra::accelerators {
namespace {

using test::Random;

network::ActivationEncoding draw_activation(Random& random, bool additive_levels) {
  network::ActivationEncoding activation;
  activation.bits = random.between(2, 8);
  activation.is_signed = random.chance(2);
  if (!random.chance(3)) return activation;
  activation.bits = random.between(2, 4);
  activation.is_signed = false;
  activation.levels.assign(std::size_t{1} << activation.bits, 0);
  std::vector<int> of_bit;
  for (int k = 0; k < activation.bits; ++k) of_bit.push_back(random.between(0, 30));
  for (std::size_t code = 0; code < activation.levels.size(); ++code)
    for (int k = 0; k < activation.bits; ++k)
      if ((code >> k & 1u) != 0) activation.levels[code] += of_bit[static_cast<std::size_t>(k)];
  if (!additive_levels) activation.levels.back() = -1;
  return activation;
}

network::WeightEncoding draw_weights(Random& random) {
  switch (random.between(0, 3)) {
    case 0:
      return network::TernaryWeights{};
    case 1:
      return network::CodebookWeights{2, {-90, -1, 3, 101}};
    case 2: {
      network::PlaneWeights planes;
      for (int k = random.between(1, 4); k > 0; --k)
        planes.planes.push_back(static_cast<network::PlaneAlphabet>(random.between(0, 2)));
      for (int i = 0; i < 64; ++i)
        for (std::size_t k = 0; k < planes.planes.size(); ++k)
          planes.coefficients.push_back(static_cast<std::int16_t>(random.between(-31, 31)));
      return planes;
    }
    default:
      return network::UniformWeights{random.between(2, 8)};
  }
}

void run(const std::string& variant, std::uint32_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    EngineConfig config;
    config.family = "bit_serial";
    config.variant = variant;
    config.rows = random.between(1, 20);
    config.columns = random.between(1, 20);
    config.lanes = random.between(1, 70);
    config.accumulator_bits = random.between(16, 32);
    config.options = {{"coefficients", "40"}, {"levels", "true"}};
    const network::ActivationEncoding activation = draw_activation(random, variant == "planes");
    const network::WeightEncoding weights = draw_weights(random);
    SCOPED_TRACE(network::encoding_name(weights));
    test::MatrixProblem problem = test::draw_matrix_problem(random, config, activation, [&](int channel) {
      const std::vector<int> values = network::weight_values(weights, channel);
      return values[static_cast<std::size_t>(random.between(0, static_cast<int>(values.size()) - 1))];
    });
    const auto family = make_bit_serial(config);
    const TileWork work = test::expect_plain_integers(problem, *family, weights, activation);
    EXPECT_EQ(work.cycles, family->cycles(problem.tile, true));
  }
}

TEST(BitSerialCompute, WeightPlanesEqualPlainIntegersOnRandomTiles) { run("weights", 11); }

TEST(BitSerialCompute, PlanePairsEqualPlainIntegersOnRandomTiles) { run("planes", 12); }

}  // namespace
}  // namespace lutra::accelerators
