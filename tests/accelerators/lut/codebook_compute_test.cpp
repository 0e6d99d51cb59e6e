#include <gtest/gtest.h>

#include <set>

#include "accelerators/lut/lut.h"
#include "tests/accelerators/lut/lut_config.h"
#include "tests/support/matrix_problem.h"

namespace lutra::accelerators {
namespace {

using test::MatrixProblem;
using test::Random;

EngineConfig random_array(Random& random) {
  EngineConfig config = test::lut_array("codebook");
  config.rows = random.between(1, 20);
  config.columns = random.between(1, 20);
  config.lanes = random.between(1, 9);
  config.accumulator_bits = random.between(16, 32);
  config.dataflow = random.chance(2) ? Dataflow::output_stationary : Dataflow::weight_stationary;
  config.options["codebook_bits"] = "6";
  return config;
}

network::CodebookWeights random_codebook(Random& random) {
  network::CodebookWeights weights;
  weights.bits = random.between(1, 6);
  std::set<std::int16_t> values;
  while (values.size() < std::size_t{1} << weights.bits)
    values.insert(static_cast<std::int16_t>(random.between(-128, 127)));
  weights.table.assign(values.begin(), values.end());
  return weights;
}

TEST(CodebookCompute, WeightsFromATableEqualPlainIntegers) {
  const std::uint32_t seed = 20261122;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const network::ActivationEncoding activation = test::codes(random.between(1, 8), random.chance(2));
    const network::CodebookWeights codebook = random_codebook(random);
    MatrixProblem problem = draw_matrix_problem(random, random_array(random), activation, [&](int) {
      return codebook.table[static_cast<std::size_t>(random.between(0, (1 << codebook.bits) - 1))];
    });
    const auto lut = make_lut(problem.config);
    const TileWork work = expect_plain_integers(problem, *lut, codebook, activation);
    EXPECT_EQ(work.cycles, lut->cycles(problem.tile, true));
    if (HasFailure()) return;
  }
}

TEST(CodebookCompute, IntegersPassByTheTable) {
  const std::uint32_t seed = 4;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const network::ActivationEncoding activation = test::codes(random.between(1, 8), random.chance(2));
    const int bits = random.between(2, 8);
    MatrixProblem problem =
        draw_matrix_problem(random, random_array(random), activation, [&](int) { return random.code(bits, true); });
    expect_plain_integers(problem, *make_lut(problem.config), network::UniformWeights{bits}, activation);
    if (HasFailure()) return;
  }
}

TEST(CodebookCompute, TernaryWeightsAreIntegersOfTwoBits) {
  Random random(8);
  network::ActivationEncoding activation = test::codes(2, true);
  activation.is_ternary = true;
  MatrixProblem problem =
      draw_matrix_problem(random, random_array(random), activation, [&](int) { return random.between(-1, 1); });
  expect_plain_integers(problem, *make_lut(problem.config), network::TernaryWeights{}, activation);
}

}  // namespace
}  // namespace lutra::accelerators
