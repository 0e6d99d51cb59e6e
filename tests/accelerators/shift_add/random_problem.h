#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "accelerators/shift_add/shift_add.h"
#include "tests/support/matrix_problem.h"

namespace lutra::test {

// An array of either dataflow, without its variant's options.
inline accelerators::EngineConfig random_shift_add(Random& random) {
  accelerators::EngineConfig config;
  config.family = "shift_add";
  config.rows = random.between(1, 20);
  config.columns = random.between(1, 20);
  config.lanes = random.between(1, 9);
  config.accumulator_bits = random.between(16, 32);
  config.activation_bits = 16;
  config.post_lanes = random.between(1, 20);
  if (random.chance(2)) config.dataflow = accelerators::Dataflow::weight_stationary;
  return config;
}

inline network::ActivationEncoding random_activations(Random& random) {
  network::ActivationEncoding encoding;
  encoding.bits = random.chance(8) ? 16 : random.between(1, 8);
  encoding.is_signed = encoding.bits == 16 || random.chance(2);
  return encoding;
}

// A problem whose weights are values of their encoding, and whose weights and activations are zero by a share that
// differs from problem to problem.
inline MatrixProblem random_problem(Random& random, const accelerators::EngineConfig& config,
                                    const network::WeightEncoding& weights,
                                    const network::ActivationEncoding& activations) {
  const int weight_in = random.between(1, 4);
  const int activation_in = random.between(1, 4);
  MatrixProblem problem = draw_matrix_problem(random, config, activations, [&](int output) {
    const std::vector<int> values = network::weight_values(weights, output);
    const int value = values[static_cast<std::size_t>(random.between(0, static_cast<int>(values.size()) - 1))];
    const bool has_zero = std::find(values.begin(), values.end(), 0) != values.end();
    return has_zero && !random.chance(weight_in) ? 0 : value;
  });
  for (int& code : problem.activations)
    if (!random.chance(activation_in)) code = 0;
  return problem;
}

struct Products {
  std::uint64_t all = 0;
  std::uint64_t of_nonzeros = 0;
};

inline Products count_products(const MatrixProblem& problem) {
  const accelerators::MatrixTile& tile = problem.tile;
  Products products;
  for (int y = 0; y < tile.rows; ++y)
    for (int x = 0; x < tile.columns; ++x)
      for (int k = 0; k < tile.channels; ++k)
        for (int c = 0; c < tile.group_channels; ++c)
          for (int r = 0; r < tile.window_height; ++r)
            for (int s = 0; s < tile.window_width; ++s) {
              const int group = (tile.group_phase + k) / tile.group_outputs;
              const int row = y * tile.stride_y + r * tile.dilation_y;
              const int column = x * tile.stride_x + s * tile.dilation_x;
              const int activation = problem.activations[static_cast<std::size_t>(
                  (row * tile.input_width + column) * tile.input_channels + group * tile.group_channels + c)];
              const int weight = problem.weights[static_cast<std::size_t>(
                  ((k * tile.group_channels + c) * tile.window_height + r) * tile.window_width + s)];
              ++products.all;
              if (activation != 0 && weight != 0) ++products.of_nonzeros;
            }
  return products;
}

// One output pixel of one output channel, on an array of one lane unless `config` says otherwise.
inline MatrixProblem one_dot_product(accelerators::EngineConfig config, std::vector<int> activations,
                                     std::vector<std::int16_t> weights) {
  MatrixProblem problem;
  config.family = "shift_add";
  config.rows = config.columns = 1;
  problem.config = config;
  const auto length = static_cast<int>(weights.size());
  problem.tile = {.rows = 1,
                  .columns = 1,
                  .channels = 1,
                  .group_channels = length,
                  .group_outputs = 1,
                  .input_width = 1,
                  .input_channels = length,
                  .input_pixel_bytes = length};
  problem.activations = std::move(activations);
  problem.weights = std::move(weights);
  problem.start = {0};
  return problem;
}

}  // namespace lutra::test
