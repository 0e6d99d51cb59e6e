#include "software/quantization/lowering/weights.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "software/quantization/lowering/bias_correction.h"

namespace lutra::quantization {
namespace {

std::vector<double> drawn_weights(unsigned seed, int count) {
  std::mt19937 engine(seed);
  std::vector<double> weights;
  for (int i = 0; i < count; ++i)
    weights.push_back((static_cast<double>(engine() % 2001) - 1000.0) * static_cast<double>(engine() % 100) / 1e5);
  return weights;
}

double squared_error(const std::vector<double>& weights, const network::Weights& rounded) {
  double error = 0;
  const std::size_t per_channel = weights.size() / rounded.scales.size();
  for (std::size_t i = 0; i < weights.size(); ++i)
    error += std::pow(weights[i] - rounded.values[i] * rounded.scales[i / per_channel], 2);
  return error;
}

network::Weights by_largest(const std::vector<double>& weights, int channels, int bits) {
  network::Weights rounded{{}, network::UniformWeights{bits}, {}};
  const std::size_t per_channel = weights.size() / static_cast<std::size_t>(channels);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (i % per_channel == 0) {
      double peak = 0;
      for (std::size_t j = i; j < i + per_channel; ++j) peak = std::max(peak, std::abs(weights[j]));
      rounded.scales.push_back(peak / ((1 << (bits - 1)) - 1));
    }
    rounded.values.push_back(static_cast<std::int16_t>(std::lround(weights[i] / rounded.scales.back())));
  }
  return rounded;
}

TEST(UniformWeights, StayWithinTheirBitsAndNeverDoWorseThanTheLargestWeightsScale) {
  for (unsigned seed = 0; seed < 20; ++seed)
    for (int bits = 2; bits <= 8; ++bits) {
      const std::vector<double> weights = drawn_weights(seed, 6 * 27);
      const network::Weights rounded = quantise_uniform(weights, 6, bits);
      ASSERT_EQ(rounded.scales.size(), 6U);
      EXPECT_EQ(network::storage_bits(rounded.encoding), bits);
      for (const std::int16_t value : rounded.values) {
        EXPECT_GE(value, -(1 << (bits - 1)));
        EXPECT_LT(value, 1 << (bits - 1));
      }
      EXPECT_LE(squared_error(weights, rounded), squared_error(weights, by_largest(weights, 6, bits)))
          << "seed " << seed << ", " << bits << " bits";
    }
}

TEST(UniformWeights, OneWeightIsExactAtAnyWidth) {
  for (int bits = 2; bits <= 8; ++bits)
    for (const double weight : {0.37, -12.5, 1e-9}) {
      const network::Weights rounded = quantise_uniform({weight}, 1, bits);
      EXPECT_NEAR(rounded.values[0] * rounded.scales[0], weight, 1e-12 * std::abs(weight)) << bits << " bits";
    }
}

TEST(UniformWeights, AChannelOfZerosIsZero) {
  const network::Weights rounded = quantise_uniform({0, 0, 1, 2}, 2, 4);
  EXPECT_EQ(rounded.values[0], 0);
  EXPECT_EQ(rounded.scales[0], 1.0);
}

// Over inputs with the stated means, rounded weights with the corrected bias give the float layer's mean.
TEST(BiasCorrection, RestoresTheMeanOfEveryOutput) {
  MatrixOperands operands;
  operands.window.height = 2;
  operands.groups = 2;
  operands.output_channels = 4;
  operands.weights = drawn_weights(5, 4 * 2 * 2);  // two inputs per group, a window of two rows
  operands.bias = {1, 2, 3, 4};
  const std::vector<double> means{0.5, -2.0, 3.0, 0.25};
  const network::Weights rounded = quantise_uniform(operands.weights, 4, 2);
  const std::vector<double> corrected = correct_bias(operands, rounded, means);
  for (std::size_t output = 0; output < 4; ++output) {
    double expected = operands.bias[output];
    double found = corrected[output];
    for (std::size_t i = 0; i < 4; ++i) {
      const double mean = means[output / 2 * 2 + i / 2];
      expected += operands.weights[output * 4 + i] * mean;
      found += rounded.values[output * 4 + i] * rounded.scales[output] * mean;
    }
    EXPECT_NEAR(found, expected, 1e-12);
  }
}

}  // namespace
}  // namespace lutra::quantization
