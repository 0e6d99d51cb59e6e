#include "software/network/float/fold.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/software/network/onnx/onnx_model.h"

namespace lutra::network::test {
namespace {

// The smallest evaluator that can tell a right fold from a wrong one: 1x1 convolutions, linear layers and batch
// normalisation of a 1x1 image, in double precision.
std::vector<double> evaluate(const Graph& graph, const std::vector<double>& input) {
  std::vector<std::vector<double>> values(graph.tensors.size());
  values[static_cast<std::size_t>(graph.input)] = input;
  for (const Node& node : graph.nodes) {
    const std::vector<double>& x = values[static_cast<std::size_t>(node.inputs.front())];
    std::vector<double>& y = values[static_cast<std::size_t>(node.output)];
    const auto matrix = [&](int outputs, int groups, const std::vector<float>& weights,
                            const std::vector<float>& bias) {
      const std::size_t count = static_cast<std::size_t>(outputs);
      const std::size_t inputs = weights.size() / count;
      for (std::size_t o = 0; o < count; ++o) {
        const std::size_t first = o / (count / static_cast<std::size_t>(groups)) * inputs;
        double sum = bias.empty() ? 0 : bias[o];
        for (std::size_t i = 0; i < inputs; ++i) sum += double{weights[o * inputs + i]} * x[first + i];
        y.push_back(sum);
      }
    };
    if (const auto* convolution = std::get_if<Convolution>(&node.op))
      matrix(convolution->output_channels, convolution->groups, convolution->weights, convolution->bias);
    if (const auto* linear = std::get_if<Linear>(&node.op)) matrix(linear->outputs, 1, linear->weights, linear->bias);
    if (const auto* bn = std::get_if<BatchNormalization>(&node.op))
      for (std::size_t c = 0; c < x.size(); ++c)
        y.push_back(bn->scale[c] * (x[c] - bn->mean[c]) / std::sqrt(double{bn->variance[c]} + bn->epsilon) +
                    bn->bias[c]);
  }
  return values[static_cast<std::size_t>(graph.output)];
}

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  int below(int limit) { return static_cast<int>(engine_() % static_cast<unsigned>(limit)); }
  float value() { return static_cast<float>(below(2001) - 1000) / 256.0F; }
  std::vector<float> values(int count) {
    std::vector<float> result;
    for (int i = 0; i < count; ++i) result.push_back(value());
    return result;
  }
  BatchNormalization normalization(int channels) {
    BatchNormalization result{values(channels), values(channels), values(channels), values(channels), 1e-3F};
    for (float& variance : result.variance) variance = std::fabs(variance);
    return result;
  }

 private:
  std::mt19937 engine_;
};

void append(Graph& graph, Operator op) {
  const TensorId input = graph.output;
  const Shape shape = infer_shape(op, {graph.tensors[static_cast<std::size_t>(input)].shape}, "");
  const std::string number = std::to_string(graph.tensors.size());
  graph.output = graph.tensors.size();
  graph.tensors.push_back({"t" + number, shape});
  graph.nodes.push_back({"n" + number, std::move(op), {input}, graph.output});
}

// Layers of random kind and size, each followed by up to two normalisations.
Graph random_network(Random& random) {
  Graph graph;
  graph.tensors = {{"x", {2 + 2 * random.below(3), 1, 1}}};
  graph.input = graph.output = 0;
  if (random.below(2) == 0) append(graph, random.normalization(graph.tensors[0].shape.channels));
  for (int layer = 0; layer < 3; ++layer) {
    const int channels = graph.tensors.back().shape.channels;
    const int outputs = 2 * (1 + random.below(4));
    const std::vector<float> bias = random.below(2) == 0 ? std::vector<float>{} : random.values(outputs);
    const int groups = 1 + random.below(2);
    if (random.below(2) == 0)
      append(graph, Linear{outputs, random.values(outputs * channels), bias});
    else
      append(graph, Convolution{{}, groups, outputs, random.values(outputs * channels / groups), bias});
    for (int i = random.below(3); i > 0; --i) append(graph, random.normalization(outputs));
  }
  return graph;
}

std::size_t normalizations(const Graph& graph) {
  std::size_t count = 0;
  for (const Node& node : graph.nodes) count += std::holds_alternative<BatchNormalization>(node.op) ? 1 : 0;
  return count;
}

TEST(FoldBatchNormalization, KeepsWhatRandomNetworksCompute) {
  constexpr unsigned seed = 20240611;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int round = 0; round < 300; ++round) {
    const Graph graph = random_network(random);
    const Graph folded = fold_batch_normalization(graph);
    validate(folded);
    EXPECT_LE(normalizations(folded), 1U);
    std::vector<double> input;
    for (const float value : random.values(input_shape(graph).channels)) input.push_back(value);
    const std::vector<double> expected = evaluate(graph, input);
    const std::vector<double> found = evaluate(folded, input);
    ASSERT_EQ(expected.size(), found.size());
    double magnitude = 1;
    for (const double value : expected) magnitude = std::max(magnitude, std::fabs(value));
    for (std::size_t i = 0; i < expected.size(); ++i)
      ASSERT_NEAR(found[i], expected[i], 1e-4 * magnitude) << "round " << round;
  }
}

TEST(FoldBatchNormalization, KeepsNamesAndDropsTensors) {
  Random random(1);
  Graph graph;
  graph.tensors = {{"x", {2, 1, 1}}};
  graph.input = graph.output = 0;
  append(graph, Convolution{{}, 1, 2, random.values(4), {}});
  append(graph, random.normalization(2));
  append(graph, Clip{0});
  const Graph folded = fold_batch_normalization(graph);
  ASSERT_EQ(folded.nodes.size(), 2U);
  EXPECT_EQ(folded.nodes[0].name, "n1");
  EXPECT_EQ(folded.tensors.size(), 3U);
  EXPECT_EQ(folded.tensors[static_cast<std::size_t>(folded.nodes[0].output)].name, "t2");
}

TEST(FoldBatchNormalization, LeavesALayerThatSomebodyElseReads) {
  Random random(1);
  Graph graph;
  graph.tensors = {{"x", {2, 1, 1}}};
  graph.input = graph.output = 0;
  append(graph, Convolution{{}, 1, 2, random.values(4), {}});
  append(graph, random.normalization(2));
  graph.tensors.push_back({"sum", {2, 1, 1}});
  graph.nodes.push_back({"add", Add{}, {1, 2}, 3});
  graph.output = 3;
  EXPECT_EQ(normalizations(fold_batch_normalization(graph)), 1U);
}

TEST(FoldBatchNormalization, LeavesTheLayerThatIsTheOutput) {
  Random random(1);
  Graph graph;
  graph.tensors = {{"x", {2, 1, 1}}};
  graph.input = graph.output = 0;
  append(graph, Convolution{{}, 1, 2, random.values(4), {}});
  const TensorId output = graph.output;
  append(graph, random.normalization(2));
  graph.output = output;
  const Graph folded = fold_batch_normalization(graph);
  ASSERT_EQ(folded.nodes.size(), 1U) << "the normalisation is unused and the convolution is as it was";
  EXPECT_EQ(std::get<Convolution>(folded.nodes[0].op).weights, std::get<Convolution>(graph.nodes[0].op).weights);
}

TEST(RemoveUnused, RenumbersWhatIsLeft) {
  Graph graph;
  graph.tensors = {{"x", {2, 1, 1}}, {"dead", {2, 1, 1}}, {"deader", {2, 1, 1}}, {"y", {2, 1, 1}}};
  graph.nodes = {{"a", Clip{0}, {0}, 1}, {"b", Clip{0}, {1}, 2}, {"c", Clip{0, 6}, {0}, 3}};
  graph.input = 0;
  graph.output = 3;
  const Graph left = remove_unused(graph);
  validate(left);
  ASSERT_EQ(left.nodes.size(), 1U);
  EXPECT_EQ(left.nodes[0].name, "c");
  EXPECT_EQ(left.tensors.size(), 2U);
}

TEST(FoldPadding, StaysWhereTheWindowWouldSeePaddingOnly) {
  Graph graph;
  graph.tensors = {{"x", {1, 4, 4}}};
  graph.input = graph.output = 0;
  append(graph, Pad{{0, 2, 2}, {0, 2, 2}});
  append(graph, AveragePool{{.height = 2, .width = 2, .stride_y = 2, .stride_x = 2}});
  EXPECT_EQ(fold_padding(graph).nodes.size(), 2U);
}

TEST(FoldPadding, StaysWherePaddingDoesNotCount) {
  Graph graph;
  graph.tensors = {{"x", {1, 4, 4}}};
  graph.input = graph.output = 0;
  append(graph, Pad{{0, 1, 1}, {0, 0, 0}});
  append(graph, AveragePool{{.height = 3, .width = 3, .pad_bottom = 1, .pad_right = 1}});
  EXPECT_EQ(fold_padding(graph).nodes.size(), 2U);
  std::get<AveragePool>(graph.nodes[1].op).count_padding = true;
  EXPECT_EQ(fold_padding(graph).nodes.size(), 1U);
}

}  // namespace
}  // namespace lutra::network::test
