#include <gtest/gtest.h>

#include <span>

#include "accelerators/array/dot_product.h"
#include "accelerators/mac/mac.h"
#include "tests/support/matrix_problem.h"

namespace lutra::accelerators {
namespace {

using test::Random;

TEST(MacCompute, EqualsPlainIntegersOnRandomTiles) {
  const std::uint32_t seed = 20240611;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 400; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    EngineConfig config;
    config.rows = random.between(1, 20);
    config.columns = random.between(1, 20);
    config.lanes = random.between(1, 9);
    config.accumulator_bits = random.between(16, 32);
    config.activation_bits = 16;
    config.dataflow = random.chance(2) ? Dataflow::output_stationary : Dataflow::weight_stationary;
    config.options = {{"levels", "true"}};
    network::ActivationEncoding activation;
    activation.bits = random.chance(8) ? 16 : random.between(1, 8);
    activation.is_signed = activation.bits == 16 || random.chance(2);
    if (activation.bits <= 4 && random.chance(3))
      for (int code = 0; code < 1 << activation.bits; ++code) activation.levels.push_back(random.between(-128, 127));
    const int bits = random.between(2, 8);
    test::MatrixProblem problem =
        test::draw_matrix_problem(random, config, activation, [&](int) { return random.code(bits, true); });
    const auto mac = make_mac(config);
    const TileWork work = test::expect_plain_integers(problem, *mac, network::UniformWeights{bits}, activation);
    EXPECT_EQ(work.cycles, mac->cycles(problem.tile, true));
    EXPECT_EQ(work.event_counts[0], problem.nonzero_products());
    EXPECT_EQ(work.event_counts[0] + work.event_counts[1],
              problem.weights.size() * static_cast<std::size_t>(problem.tile.rows * problem.tile.columns));
    EXPECT_EQ(work.event_counts[3], problem.start.size());
  }
}

TEST(MacCompute, DigitsEqualPlainIntegersAndTakeAPassPerPair) {
  const std::uint32_t seed = 4711;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    EngineConfig config;
    config.variant = "digit_serial";
    config.rows = random.between(1, 20);
    config.columns = random.between(1, 20);
    config.lanes = random.between(1, 9);
    config.activation_bits = random.between(2, 8);
    config.weight_bits = random.between(2, 8);
    network::ActivationEncoding activation;
    activation.bits = random.between(2, 8);
    activation.is_signed = random.chance(2);
    const int bits = random.between(2, 8);
    test::MatrixProblem problem =
        test::draw_matrix_problem(random, config, activation, [&](int) { return random.code(bits, true); });
    const auto digits = make_mac(config);
    const TileWork work = test::expect_plain_integers(problem, *digits, network::UniformWeights{bits}, activation);
    EXPECT_EQ(work.cycles, digits->cycles(problem.tile, true));
    const int pairs = ((bits + config.weight_bits - 1) / config.weight_bits) *
                      ((activation.bits + config.activation_bits - 1) / config.activation_bits);
    EXPECT_EQ(work.event_counts[0], problem.nonzero_products() * static_cast<std::uint64_t>(pairs));
    EXPECT_EQ(work.event_counts[0] + work.event_counts[1],
              problem.weights.size() * static_cast<std::size_t>(pairs) *
                  static_cast<std::size_t>(problem.tile.rows * problem.tile.columns));
  }
}

TEST(MacCompute, EveryEncodingsValuesRunReencoded) {
  const std::uint32_t seed = 99;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  const network::WeightEncoding encodings[] = {
      network::TernaryWeights{}, network::PowerOfTwoWeights{{{0, 1, 2, 3, 4, 5, 6}}},
      network::PowerOfTwoWeights{{{0, 2, 3}, {1}}},
      network::PlaneWeights{{network::PlaneAlphabet::signs, network::PlaneAlphabet::positive},
                            std::vector<std::int16_t>(64, 9)},
      network::CodebookWeights{2, {-100, -3, 5, 127}}};
  for (const network::WeightEncoding& encoding : encodings) {
    SCOPED_TRACE(network::encoding_name(encoding));
    const std::vector<int> values = network::weight_values(encoding, 0);
    const network::ActivationEncoding activation;
    test::MatrixProblem problem = test::draw_matrix_problem(random, {}, activation, [&](int) {
      return values[static_cast<std::size_t>(random.between(0, static_cast<int>(values.size()) - 1))];
    });
    test::expect_plain_integers(problem, *make_mac({}), encoding, activation);
    EXPECT_EQ(problem.tile.weight_bits, network::value_bits(encoding));
  }
}

TEST(MacCompute, WrapsAtTheAccumulatorsWidth) {
  EngineConfig config;
  config.accumulator_bits = 16;
  const auto mac = make_mac(config);
  const std::vector<std::int16_t> weight = {127};
  const MatrixTile tile{.rows = 1,
                        .columns = 1,
                        .channels = 1,
                        .group_channels = 1,
                        .group_outputs = 1,
                        .input_width = 1,
                        .input_channels = 1,
                        .input_pixel_bytes = 1};
  const auto packed = mac->pack({.channels = 1, .group_channels = 1, .values = weight}, network::UniformWeights{8}, {});
  const std::vector<std::uint8_t> activation = {255};
  std::vector<std::int32_t> sums = {383};
  mac->compute(tile, true, activation, packed.bytes, sums);
  EXPECT_EQ(sums[0], 32768 - 65536);
}

TEST(MacCompute, EveryKernelGivesTheSameBits) {
  const std::uint32_t seed = 7;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  const std::size_t length = 48, outputs = 8, count = 4;
  std::vector<std::int16_t> weights(outputs * length), patches(count * length);
  for (auto& value : weights) value = static_cast<std::int16_t>(random.code(16, true));
  for (auto& value : patches) value = static_cast<std::int16_t>(random.code(16, true));
  for (std::size_t i = 0; i < length; ++i) weights[i] = patches[i] = -32768;  // pairs that leave 32 bits
  std::vector<std::uint32_t> expected(outputs * count);
  for (std::size_t p = 0; p < count; ++p)
    for (std::size_t k = 0; k < outputs; ++k) {
      std::int64_t sum = 0;
      for (std::size_t i = 0; i < length; ++i) sum += std::int64_t{patches[p * length + i]} * weights[k * length + i];
      expected[p * outputs + k] = static_cast<std::uint32_t>(sum);
    }
  for (const array::DotKernel& kernel : array::dot_kernels()) {
    std::vector<std::uint32_t> sums(expected.size());
    kernel.run({weights.data(), patches.data(), length, outputs, count, sums.data()});
    EXPECT_EQ(sums, expected) << kernel.name;
  }
  EXPECT_EQ(array::dot_kernels().back().name, "portable");
}

}  // namespace
}  // namespace lutra::accelerators
