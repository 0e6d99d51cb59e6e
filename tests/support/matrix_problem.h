#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "accelerators/family/family.h"
#include "software/network/encoding/encoding.h"
#include "tests/accelerators/engine/packed_pixels.h"

namespace lutra::test {

// A random tile of a matrix operation with its operands, and what plain integers make of it.
struct MatrixProblem {
  accelerators::EngineConfig config;
  accelerators::MatrixTile tile;
  int groups_in_buffer = 1;
  std::vector<int> activations;  // codes, [pixel][channel]
  std::vector<std::int16_t> weights;
  std::vector<std::int32_t> start;  // sums the tile adds to

  accelerators::WeightBlock block() const {
    return {.channels = tile.channels,
            .group_channels = tile.group_channels,
            .window_height = tile.window_height,
            .window_width = tile.window_width,
            .dilation_x = tile.dilation_x,
            .input_channels = tile.input_channels,
            .group_outputs = tile.group_outputs,
            .group_phase = tile.group_phase,
            .values = weights};
  }

  // Products whose activation's code is not zero, index by index.
  std::uint64_t nonzero_products() const {
    std::uint64_t products = 0;
    for (int y = 0; y < tile.rows; ++y)
      for (int x = 0; x < tile.columns; ++x)
        for (int k = 0; k < tile.channels; ++k)
          for (int c = 0; c < tile.group_channels; ++c)
            for (int r = 0; r < tile.window_height; ++r)
              for (int s = 0; s < tile.window_width; ++s) products += code(y, x, k, c, r, s) != 0 ? 1 : 0;
    return products;
  }

  int code(int y, int x, int k, int c, int r, int s) const {
    const int group = (tile.group_phase + k) / tile.group_outputs;
    const int row = y * tile.stride_y + r * tile.dilation_y;
    const int column = x * tile.stride_x + s * tile.dilation_x;
    return activations[static_cast<std::size_t>((row * tile.input_width + column) * tile.input_channels +
                                                group * tile.group_channels + c)];
  }

  // Index by index, from the definition.
  std::int32_t expected(int y, int x, int k, const network::ActivationEncoding& encoding) const {
    std::int64_t sum = start[static_cast<std::size_t>((y * tile.columns + x) * tile.channels + k)];
    for (int c = 0; c < tile.group_channels; ++c)
      for (int r = 0; r < tile.window_height; ++r)
        for (int s = 0; s < tile.window_width; ++s) {
          const int weight = weights[static_cast<std::size_t>(
              ((k * tile.group_channels + c) * tile.window_height + r) * tile.window_width + s)];
          sum += std::int64_t{network::value_of(encoding, code(y, x, k, c, r, s))} * weight;
        }
    const std::int64_t modulus = std::int64_t{1} << config.accumulator_bits;
    std::int64_t wrapped = ((sum % modulus) + modulus) % modulus;
    if (wrapped >= modulus / 2) wrapped -= modulus;
    return static_cast<std::int32_t>(wrapped);
  }
};

// Draws shapes, strides, dilations, groups, start sums and activation codes of the encoding; `config` gives the array.
// Weights are drawn by `draw_weight(output channel)`.
inline MatrixProblem draw_matrix_problem(Random& random, const accelerators::EngineConfig& config,
                                         const network::ActivationEncoding& encoding,
                                         const std::function<int(int)>& draw_weight) {
  MatrixProblem problem;
  problem.config = config;
  accelerators::MatrixTile& tile = problem.tile;
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
  tile.activation_bits = encoding.bits;
  tile.activation_signed = encoding.is_signed;
  tile.input_pixel_bytes = (tile.input_channels * tile.activation_bits + 7) / 8;

  const int height = (tile.rows - 1) * tile.stride_y + (tile.window_height - 1) * tile.dilation_y + 1;
  problem.activations.resize(static_cast<std::size_t>(height) * tile.input_width * tile.input_channels);
  for (int& code : problem.activations) code = random.between(encoding.lowest(), encoding.highest());
  const int per_channel = tile.group_channels * tile.window_height * tile.window_width;
  for (int k = 0; k < tile.channels; ++k)
    for (int i = 0; i < per_channel; ++i) problem.weights.push_back(static_cast<std::int16_t>(draw_weight(k)));
  problem.start.resize(static_cast<std::size_t>(tile.rows) * tile.columns * tile.channels);
  for (auto& value : problem.start) value = random.code(config.accumulator_bits - 1, true);
  return problem;
}

// What is expected of a tile differs from what it did in the share of products without a factor of zero alone.
inline void expect_between_none_and_all(const accelerators::TileWork& work, const accelerators::MatrixTile& tile,
                                        const accelerators::Family& family) {
  const accelerators::TileWork none = family.expected(tile, 0), all = family.expected(tile, 1);
  EXPECT_EQ(none.cycles, family.cycles(tile, true));
  accelerators::MatrixTile large = tile;  // large enough for a skipped word to show
  large.group_channels *= 64;
  if (family.least_cycles(large, true) != family.cycles(large, true)) return;  // words may be skipped
  ASSERT_EQ(work.event_counts.size(), all.event_counts.size());
  for (std::size_t i = 0; i < work.event_counts.size(); ++i) {
    EXPECT_GE(work.event_counts[i], std::min(none.event_counts[i], all.event_counts[i])) << family.events()[i].event;
    EXPECT_LE(work.event_counts[i], std::max(none.event_counts[i], all.event_counts[i])) << family.events()[i].event;
  }
  for (const accelerators::TileWork& expected : {none, all}) {
    EXPECT_EQ(work.activation_read_bytes, expected.activation_read_bytes);
    EXPECT_EQ(work.weight_read_bytes, expected.weight_read_bytes);
    EXPECT_EQ(work.sum_read_bytes, expected.sum_read_bytes);
    EXPECT_EQ(work.sum_write_bytes, expected.sum_write_bytes);
  }
}

// Packs, computes and compares every sum; buffers hold exactly the bytes the interface promises to read, so that a
// sanitizer sees one read too many. Yields the tile's work. Fills in the tile's weight format and bits.
inline accelerators::TileWork expect_plain_integers(MatrixProblem& problem, const accelerators::Family& family,
                                                    const network::WeightEncoding& weights,
                                                    const network::ActivationEncoding& activation) {
  accelerators::MatrixTile& tile = problem.tile;
  EXPECT_EQ(family.refuses(activation, weights), "");
  const accelerators::PackedWeights packed = family.pack(problem.block(), weights, activation);
  tile.weight_format = packed.format;
  tile.weight_bits = packed.bits;
  EXPECT_EQ(packed.bytes.size(), family.packed_bytes(problem.block(), weights, activation));
  EXPECT_EQ(packed.bytes.size(), family.weight_bytes(tile));
  EXPECT_EQ(family.refuses_tile(tile), "");
  std::vector<std::uint8_t> activations = pack_pixels(problem.activations, tile.input_channels, tile.activation_bits);
  EXPECT_LE(accelerators::activation_bytes(tile), activations.size());
  activations.resize(accelerators::activation_bytes(tile));
  activations.shrink_to_fit();
  std::vector<std::int32_t> sums = problem.start;
  accelerators::TileWork work = family.compute(tile, true, activations, packed.bytes, sums);
  int wrong = 0;
  for (int y = 0; y < tile.rows; ++y)
    for (int x = 0; x < tile.columns; ++x)
      for (int k = 0; k < tile.channels; ++k) {
        const std::int32_t sum = sums[static_cast<std::size_t>((y * tile.columns + x) * tile.channels + k)];
        if (sum != problem.expected(y, x, k, activation) && wrong++ == 0)
          ADD_FAILURE() << "output " << k << " at " << y << ", " << x << " is " << sum << ", not "
                        << problem.expected(y, x, k, activation);
      }
  EXPECT_EQ(work.event_counts.size(), family.events().size());
  EXPECT_LE(work.cycles, family.cycles(tile, true));
  EXPECT_GE(work.cycles, family.least_cycles(tile, true));
  expect_between_none_and_all(work, tile, family);
  return work;
}

}  // namespace lutra::test
