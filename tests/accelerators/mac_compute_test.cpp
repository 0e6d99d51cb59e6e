#include <gtest/gtest.h>

#include <span>

#include "accelerators/array/dot_product.h"
#include "accelerators/mac/mac.h"
#include "tests/accelerators/packed_pixels.h"

namespace lutra::accelerators {
namespace {

using test::Random;

struct Problem {
  EngineConfig config;
  MatrixTile tile;
  int groups_in_buffer = 1;
  std::vector<int> activations;  // [pixel][channel]
  std::vector<std::int16_t> weights;
  std::vector<std::int32_t> start;
};

Problem random_problem(Random& random) {
  Problem problem;
  EngineConfig& config = problem.config;
  config.rows = random.between(1, 20);
  config.columns = random.between(1, 20);
  config.lanes = random.between(1, 9);
  config.accumulator_bits = random.between(16, 32);
  config.activation_bits = 16;
  MatrixTile& tile = problem.tile;
  tile.rows = random.between(1, 5);
  tile.columns = random.between(1, 7);
  tile.window_height = random.between(1, 3);
  tile.window_width = random.between(1, 4);
  tile.stride_y = random.between(1, 3);
  tile.stride_x = random.between(1, 3);
  tile.dilation_y = random.between(1, 2);
  tile.dilation_x = random.between(1, 2);
  problem.groups_in_buffer = random.between(1, 3);
  tile.group_channels = random.between(1, 21);
  tile.group_outputs = random.between(1, 9);
  tile.group_phase = random.between(0, tile.group_outputs * problem.groups_in_buffer - 1);
  tile.channels = random.between(1, tile.group_outputs * problem.groups_in_buffer - tile.group_phase);
  tile.input_channels = tile.group_channels * problem.groups_in_buffer;
  tile.input_width =
      (tile.columns - 1) * tile.stride_x + (tile.window_width - 1) * tile.dilation_x + random.between(1, 3);
  tile.activation_bits = random.chance(8) ? 16 : random.between(1, 8);
  tile.activation_signed = tile.activation_bits == 16 || random.chance(2);
  tile.weight_bits = random.between(2, 8);
  tile.input_pixel_bytes = (tile.input_channels * tile.activation_bits + 7) / 8;

  const int height = (tile.rows - 1) * tile.stride_y + (tile.window_height - 1) * tile.dilation_y + 1;
  problem.activations.resize(static_cast<std::size_t>(height) * tile.input_width * tile.input_channels);
  for (int& value : problem.activations) value = random.code(tile.activation_bits, tile.activation_signed);
  problem.weights.resize(static_cast<std::size_t>(tile.channels) * tile.group_channels * tile.window_height *
                         tile.window_width);
  for (auto& value : problem.weights) value = static_cast<std::int16_t>(random.code(tile.weight_bits, true));
  problem.start.resize(static_cast<std::size_t>(tile.rows) * tile.columns * tile.channels);
  for (auto& value : problem.start) value = random.code(config.accumulator_bits - 1, true);
  return problem;
}

WeightBlock block_of(const Problem& problem) {
  const MatrixTile& tile = problem.tile;
  return {.channels = tile.channels,
          .group_channels = tile.group_channels,
          .window_height = tile.window_height,
          .window_width = tile.window_width,
          .dilation_x = tile.dilation_x,
          .input_channels = tile.input_channels,
          .group_outputs = tile.group_outputs,
          .group_phase = tile.group_phase,
          .values = problem.weights};
}

// The definition, index by index.
std::int32_t expected(const Problem& problem, int y, int x, int k) {
  const MatrixTile& tile = problem.tile;
  const int group = (tile.group_phase + k) / tile.group_outputs;
  std::int64_t sum = problem.start[static_cast<std::size_t>((y * tile.columns + x) * tile.channels + k)];
  for (int c = 0; c < tile.group_channels; ++c)
    for (int r = 0; r < tile.window_height; ++r)
      for (int s = 0; s < tile.window_width; ++s) {
        const int row = y * tile.stride_y + r * tile.dilation_y;
        const int column = x * tile.stride_x + s * tile.dilation_x;
        const int activation = problem.activations[static_cast<std::size_t>(
            (row * tile.input_width + column) * tile.input_channels + group * tile.group_channels + c)];
        const int weight = problem.weights[static_cast<std::size_t>(
            ((k * tile.group_channels + c) * tile.window_height + r) * tile.window_width + s)];
        sum += std::int64_t{activation} * weight;
      }
  const std::int64_t modulus = std::int64_t{1} << problem.config.accumulator_bits;
  std::int64_t wrapped = ((sum % modulus) + modulus) % modulus;
  if (wrapped >= modulus / 2) wrapped -= modulus;
  return static_cast<std::int32_t>(wrapped);
}

TEST(MacCompute, EqualsPlainIntegersOnRandomTiles) {
  const std::uint32_t seed = 20240611;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 400; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const Problem problem = random_problem(random);
    const MatrixTile& tile = problem.tile;
    const auto mac = make_mac(problem.config);
    const PackedWeights packed = mac->pack(block_of(problem), network::UniformWeights{tile.weight_bits}, {});
    ASSERT_EQ(packed.bytes.size(), mac->packed_bytes(block_of(problem), network::UniformWeights{tile.weight_bits}, {}));
    ASSERT_EQ(packed.bytes.size(), mac->weight_bytes(tile));
    ASSERT_EQ(mac->refuses_tile(tile), "");
    // Exactly the bytes the interface promises to read, so that a sanitizer build sees one read too many.
    std::vector<std::uint8_t> activations =
        test::pack_pixels(problem.activations, tile.input_channels, tile.activation_bits);
    ASSERT_LE(activation_bytes(tile), activations.size());
    activations.resize(activation_bytes(tile));
    activations.shrink_to_fit();
    std::vector<std::int32_t> sums = problem.start;
    const TileWork work = mac->compute(tile, true, activations, packed.bytes, sums);
    for (int y = 0; y < tile.rows; ++y)
      for (int x = 0; x < tile.columns; ++x)
        for (int k = 0; k < tile.channels; ++k)
          ASSERT_EQ(sums[static_cast<std::size_t>((y * tile.columns + x) * tile.channels + k)],
                    expected(problem, y, x, k))
              << "output " << k << " at " << y << ", " << x;
    EXPECT_EQ(work.cycles, mac->cycles(tile, true));
    EXPECT_EQ(work.event_counts.size(), mac->events().size());
    EXPECT_EQ(work.event_counts[0], problem.weights.size() * tile.rows * tile.columns);
    EXPECT_EQ(work.event_counts[2], sums.size());
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
