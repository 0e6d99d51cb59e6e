#include "software/quantization/progressive/progressive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "software/common/error.h"
#include "software/quantization/progressive/separability.h"
#include "tests/software/quantization/layers.h"

namespace lutra::quantization {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr int labelled_images = 24;

network::Dataset labelled(const network::Shape& shape) {
  network::Dataset data = test::noise(shape, labelled_images);
  for (std::size_t image = 0; image < data.size(); ++image) data.labels[image] = static_cast<std::uint8_t>(image % 3);
  return data;
}

network::Graph chain(unsigned seed, int layers) {
  test::Layers build({3, 6, 6}, seed);
  network::TensorId t = build.add(test::relu, {build.add(build.convolution(3, 8, test::same(3)), {0})});
  for (int i = 0; i < layers; ++i)
    t = build.add(test::relu, {build.add(build.convolution(8, 8, test::same(i % 2 == 0 ? 3 : 1)), {t})});
  t = build.add(network::AveragePool{{6, 6, 1, 1, 1, 1, 0, 0, 0, 0}, false}, {t});
  build.add(build.linear(8, 4), {build.add(network::Flatten{}, {t})});
  return build.graph();
}

Options options_of(std::vector<int> levels, double budget) {
  Options options;
  options.weight_bits = levels.front();
  options.calibration_images = 16;
  options.progressive = Progressive{std::move(levels), {}, Progressive::Measure::memory, budget, labelled_images};
  return options;
}

ProgressiveChoice choose(const network::Graph& graph, const Options& options) {
  return choose_progressive(graph, test::signed_pixels, labelled(graph.tensors[0].shape), options, memory_cost());
}

TEST(Separability, IsTheScatterBetweenClassesOverThatWithinThem) {
  // Features are the pixels themselves: two classes at 0 and 1, each image off its centre by a quarter.
  test::Layers build({1, 1, 1}, 1);
  network::Convolution copy;
  copy.output_channels = 1;
  copy.weights = {1.0F};
  copy.bias = {0.0F};
  build.add(copy, {0});
  network::Dataset data;
  data.shape = {1, 1, 1};
  data.pixels = {112, 144, 176, 208};  // (pixel - 128) / 64: -0.25, 0.25, 0.75, 1.25
  data.labels = {0, 0, 1, 1};
  const auto found = separability(build.graph(), test::signed_pixels, data, 4, {1});
  EXPECT_THAT(found, ElementsAre(testing::DoubleEq(4 * 0.25 / (4 * 0.0625))));
}

TEST(Separability, NeedsLabelsAndAsManyImagesAsAskedFor) {
  const network::Graph graph = chain(1, 1);
  network::Dataset data = labelled(graph.tensors[0].shape);
  EXPECT_THAT([&] { separability(graph, test::signed_pixels, data, 1000, {1}); },
              ThrowsMessage<Error>(HasSubstr("1000 images, data set 'noise' has 24")));
  data.labels.clear();
  EXPECT_THAT([&] { separability(graph, test::signed_pixels, data, 4, {1}); },
              ThrowsMessage<Error>(HasSubstr("has no labels")));
}

TEST(ProgressiveBits, FallWhereSeparabilityPassesTheThresholds) {
  EXPECT_THAT(normalised_separability({2, 1, 3, 2.5, 5}), ElementsAre(0.25, 0.25, 0.5, 0.5, 1));
  const std::vector<double> j{0, 0.2, 0.5, 1};
  EXPECT_THAT(progressive_bits(j, {4, 3, 2}, 0), ElementsAre(4, 4, 4, 4));
  EXPECT_THAT(progressive_bits(j, {4, 3, 2}, 1), ElementsAre(4, 4, 4, 3));  // t = 2
  EXPECT_THAT(progressive_bits(j, {4, 3, 2}, 3), ElementsAre(4, 4, 3, 2));  // t = 1
  EXPECT_THAT(progressive_bits(j, {4, 3, 2}, 8), ElementsAre(2, 2, 2, 2));
}

TEST(ProgressiveBits, NeverRiseWithDepthAndFallWithEveryStep) {
  const unsigned seed = 11;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 engine(seed);
  for (int round = 0; round < 300; ++round) {
    std::vector<double> j(1 + engine() % 12);
    for (double& value : j) value = static_cast<double>(engine() % 6);  // often equal
    j = normalised_separability(j);
    std::vector<int> levels;
    for (int bits = 8; bits >= 2; --bits)
      if (engine() % 2 == 0) levels.push_back(bits);
    if (levels.empty()) levels = {4};
    int before = 8 * static_cast<int>(j.size()) + 1;
    for (std::size_t steps = 0; steps <= j.size() * (levels.size() - 1); ++steps) {
      const std::vector<int> bits = progressive_bits(j, levels, steps);
      EXPECT_TRUE(std::is_sorted(bits.begin(), bits.end(), std::greater<>())) << "round " << round;
      const int sum = std::accumulate(bits.begin(), bits.end(), 0);
      EXPECT_LT(sum, before) << "round " << round;
      before = sum;
    }
    EXPECT_THAT(progressive_bits(j, levels, j.size() * (levels.size() - 1)), testing::Each(levels.back()));
  }
}

TEST(Progressive, NeverExceedsItsBudgetAndNeverRisesWithDepth) {
  const unsigned seed = 12;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 engine(seed);
  for (int round = 0; round < 12; ++round) {
    const network::Graph graph = chain(static_cast<unsigned>(engine()), 3 + static_cast<int>(engine() % 4));
    const bool wide = engine() % 2 == 0;
    Options options = options_of(wide ? std::vector{8, 4, 2} : std::vector{4, 3, 2}, 0);
    if (wide) options.weight_bits = 4;
    options.progressive->budget = 0.72 + 0.01 * static_cast<double>(engine() % 29);
    const ProgressiveChoice choice = choose(graph, options);
    const network::QuantisedNetwork quantised =
        find_scheme("uniform").quantise(graph, test::signed_pixels, labelled(graph.tensors[0].shape), choice.options);
    EXPECT_EQ(memory_cost()(quantised), choice.cost);
    EXPECT_LE(choice.cost, choice.budget);
    EXPECT_DOUBLE_EQ(choice.budget, options.progressive->budget * choice.homogeneous_cost);
    int bits = 8;
    for (const ProgressiveLayer& layer : choice.layers) {
      EXPECT_LE(layer.weight_bits, bits);
      bits = layer.weight_bits;
    }
  }
}

TEST(Progressive, GivesTheFirstAndTheLastLayerAndWhatTheUserNamedTheirOwnBits) {
  const network::Graph graph = chain(5, 4);
  Options options = options_of({4, 3, 2}, 1.0);
  options.layers["node2"] = {6, 8};
  const ProgressiveChoice choice = choose(graph, options);
  std::vector<std::string> names;
  for (const ProgressiveLayer& layer : choice.layers) names.push_back(layer.name);
  EXPECT_THAT(names, ElementsAre("node4", "node6", "node8"));
  EXPECT_EQ(choice.options.layers.at("node2").weight_bits, 6);
  EXPECT_FALSE(choice.options.layers.contains("node0"));
}

TEST(Progressive, OneBitIsALevelAndActivationsMayFallToo) {
  const network::Graph graph = chain(5, 6);
  Options options = options_of({4, 2, 1}, 0.6);
  options.progressive->activation_levels = {4, 3, 2};
  const ProgressiveChoice choice = choose(graph, options);
  EXPECT_LE(choice.cost, choice.budget);
  EXPECT_EQ(choice.layers.back().weight_bits, 1);
  for (const ProgressiveLayer& layer : choice.layers) {
    EXPECT_EQ(layer.activation_bits, layer.weight_bits == 4 ? 4 : layer.weight_bits == 2 ? 3 : 2);
    EXPECT_EQ(choice.options.layers.at(layer.name).activation_bits, layer.activation_bits);
  }
  EXPECT_EQ(levels_text(*options.progressive), "W4 A4, W2 A3, W1 A2");
  options.progressive->activation_levels.clear();
  EXPECT_EQ(levels_text(*options.progressive), "4, 2, 1");
  EXPECT_EQ(choose(graph, options).layers.back().activation_bits, options.activation_bits);
}

TEST(Progressive, RefusesActivationLevelsThatDoNotBelongToTheLevels) {
  const network::Graph graph = chain(7, 3);
  Options options = options_of({4, 3}, 1);
  for (const std::vector<int>& wrong : {std::vector{4}, {4, 5}, {4, 1}, {9, 4}}) {
    options.progressive->activation_levels = wrong;
    EXPECT_THAT([&] { choose(graph, options); },
                ThrowsMessage<Error>(HasSubstr("as many as the 2 levels and not rise")));
  }
  options.progressive->activation_levels = {4, 2};
  options.activations = ActivationCoding::bwa;
  EXPECT_THAT([&] { choose(graph, options); }, ThrowsMessage<Error>(HasSubstr("'activations: uniform' alone")));
}

TEST(Progressive, TakesABudgetInBytesAndAnyOtherCost) {
  const network::Graph graph = chain(6, 4);
  const ProgressiveChoice whole = choose(graph, options_of({4, 3, 2}, 1.0));
  EXPECT_EQ(whole.cost, whole.homogeneous_cost);
  const ProgressiveChoice some = choose(graph, options_of({4, 3, 2}, whole.cost - 1));
  EXPECT_LT(some.cost, whole.cost);
  int asked = 0;
  const auto cost = [&](const network::QuantisedNetwork& network) {
    ++asked;
    return 1e6 + 10 * memory_cost()(network);
  };
  const double budget = 1e6 + 10 * some.cost;
  const ProgressiveChoice same = choose_progressive(graph, test::signed_pixels, labelled(graph.tensors[0].shape),
                                                    options_of({4, 3, 2}, budget), cost);
  EXPECT_EQ(same.cost, budget);
  EXPECT_GT(asked, 2);
}

TEST(Progressive, RefusesWhatItCannotKeep) {
  const network::Graph graph = chain(7, 3);
  EXPECT_THAT(
      [&] {
        choose(graph, options_of({4, 3}, 100));
      },
      ThrowsMessage<Error>(HasSubstr("with 3 bits in every layer the network still takes")));
  EXPECT_THAT([&] { choose(graph, options_of({3, 4}, 1)); }, ThrowsMessage<Error>(HasSubstr("must descend")));
  EXPECT_THAT([&] { choose(graph, options_of({4, 4}, 1)); }, ThrowsMessage<Error>(HasSubstr("must descend")));
  test::Layers build({3, 4, 4}, 1);
  build.add(build.linear(48, 4), {0});
  EXPECT_THAT(
      [&] {
        choose(build.graph(), options_of({4, 3}, 1));
      },
      ThrowsMessage<Error>(HasSubstr("no layer lies between")));
}

}  // namespace
}  // namespace lutra::quantization
