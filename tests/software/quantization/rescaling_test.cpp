#include "software/quantization/trained/rescaling.h"

#include <gtest/gtest.h>

namespace lutra::quantization {
namespace {

using network::EdgeId;
using network::QuantisedNetwork;
using network::Requantise;

network::ActivationEncoding integers(int bits) {
  network::ActivationEncoding encoding;
  encoding.bits = bits;
  encoding.is_signed = true;
  return encoding;
}

// Codes of scale 0.5 -> a pointwise convolution with an addition, a PReLU, a stream and codes.
struct Example {
  QuantisedNetwork network;
  network::PostProcess post;

  Example() {
    const network::Shape shape{2, 1, 1};
    network.edges = {
        {"x", shape, integers(8), 0.5}, {"y", shape, integers(4), 0.25}, {"y.stream", shape, integers(16), 0.001}};
    post.scale = {Requantise{51'200, 0, 9}, Requantise{50'000, 0, 9}};  // 100, 97.65625
    post.skip = network::Skip{0, 1, 1, 0, Requantise{40'000, 0, 3}};    // 5000, where 500 would be right
    post.prelu = {Requantise{3, 0, 2}};
    post.stream = 2;
    post.codes = network::CodeOutput{1, Requantise{1, 0, 8}, -8, 7};  // 1/256, where 1/250 would be right
  }

  std::map<std::string, Rescaling> read(const std::map<std::string, double>& steps = {}) {
    network::MatrixOp op;
    op.input = 0;
    op.output_channels = 2;
    op.weights.scales = {0.2, 0.1};  // accumulators of 0.1 and 0.05
    op.post = post;
    network.operations = {{"conv", op}};
    return rescalings(network, steps);
  }
};

TEST(Rescaling, GainsAreComputedFactorsOverRealOnes) {
  const auto all = Example().read();
  ASSERT_EQ(all.size(), 1U);
  const Rescaling& found = all.at("y");
  ASSERT_EQ(found.gains.size(), 2U);
  EXPECT_DOUBLE_EQ(found.gains[0], 100 * 0.001 / 0.1);
  EXPECT_DOUBLE_EQ(found.gains[1], 97.65625 * 0.001 / 0.05);
  EXPECT_EQ(found.grid, 0.001);
  EXPECT_DOUBLE_EQ(found.skip_gain, 5000 * 0.001 / 0.5);
  EXPECT_EQ(found.slopes, std::vector{0.75});
  EXPECT_DOUBLE_EQ(found.code_gain, 250.0 / 256);
}

TEST(Rescaling, AStreamThatIsNotStoredHasTheScaleOfItsCodes) {
  Example example;
  example.post.stream = -1;
  const Rescaling found = example.read().at("y");
  EXPECT_DOUBLE_EQ(found.grid, 0.25 / 256);
  EXPECT_DOUBLE_EQ(found.code_gain, 1);
  EXPECT_DOUBLE_EQ(found.gains[0], 100 * 0.25 / 256 / 0.1);
}

TEST(Rescaling, CodesFromTheAccumulatorHaveNoGrid) {
  Example example;
  example.post = {};
  example.post.scale = {Requantise{1, 0, 1}};
  example.post.codes = network::CodeOutput{1, std::nullopt, -8, 7};
  const Rescaling found = example.read().at("y");
  EXPECT_EQ(found.grid, 0);
  EXPECT_DOUBLE_EQ(found.gains[0], 0.5 * 0.25 / 0.1);
  EXPECT_DOUBLE_EQ(found.gains[1], 0.5 * 0.25 / 0.05);
}

TEST(Rescaling, AnElementwiseOperationMayHaveAFactorPerChannel) {
  Example example;
  example.read();
  network::ElementwiseOp op;
  op.input = 0;
  op.post = example.post;
  example.network.operations = {{"norm", op}};
  const Rescaling found = rescalings(example.network, {}).at("y");
  EXPECT_TRUE(found.scales_input);
  ASSERT_EQ(found.gains.size(), 2U);
  EXPECT_DOUBLE_EQ(found.gains[0], 100 * 0.001 / 0.5);
  EXPECT_DOUBLE_EQ(found.gains[1], 97.65625 * 0.001 / 0.5);
}

TEST(Rescaling, UnevenValuesNeedTheDistanceOfTheirThresholds) {
  Example example;
  example.network.edges[1].encoding = integers(2);
  example.network.edges[1].encoding.levels = {0, 1, -3, -1};
  example.post.codes->low = -2;
  example.post.codes->high = 1;
  EXPECT_TRUE(example.read().empty());
  EXPECT_DOUBLE_EQ(example.read({{"y", 0.125}}).at("y").code_gain, 125.0 / 256);
}

}  // namespace
}  // namespace lutra::quantization
