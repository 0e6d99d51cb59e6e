#include "software/network/onnx/onnx_save.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "software/common/error.h"
#include "software/network/onnx/onnx_import.h"
#include "tests/software/network/data_files.h"
#include "tests/support/data.h"

namespace lutra::network {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

// A chain of nodes with random parameters.
class Chain {
 public:
  Chain(const Shape& input, unsigned seed) : generator_(seed) {
    graph_.name = "chain";
    graph_.tensors = {{"input", input}};
    graph_.input = graph_.output = 0;
  }

  TensorId add(const std::string& name, Operator op, std::vector<TensorId> inputs = {}) {
    if (inputs.empty()) inputs = {graph_.output};
    std::vector<Shape> shapes;
    for (const TensorId input : inputs) shapes.push_back(graph_.tensors[static_cast<std::size_t>(input)].shape);
    graph_.output = static_cast<TensorId>(graph_.tensors.size());
    graph_.tensors.push_back({name + "_out", infer_shape(op, shapes, name)});
    graph_.nodes.push_back({name, std::move(op), std::move(inputs), graph_.output});
    return graph_.output;
  }

  std::vector<float> values(std::size_t count, float low = -1) {
    std::uniform_real_distribution<float> distribution(low, 1);
    std::vector<float> result(count);
    for (float& value : result) value = distribution(generator_);
    return result;
  }

  BatchNormalization normalisation(std::size_t channels) {
    return {values(channels), values(channels), values(channels), values(channels, 0.1F), 1e-3F};
  }

  const Graph& graph() const { return graph_; }

 private:
  std::mt19937 generator_;
  Graph graph_;
};

template <typename Op>
bool is_same(const Op&, const Op&) {  // Add, Concat, Flatten, Softmax
  return true;
}
bool is_same(const Convolution& a, const Convolution& b) {
  return a.window == b.window && a.groups == b.groups && a.output_channels == b.output_channels &&
         a.weights == b.weights && a.bias == b.bias;
}
bool is_same(const Linear& a, const Linear& b) {
  return a.outputs == b.outputs && a.weights == b.weights && a.bias == b.bias;
}
bool is_same(const BatchNormalization& a, const BatchNormalization& b) {
  return a.scale == b.scale && a.bias == b.bias && a.mean == b.mean && a.variance == b.variance &&
         a.epsilon == b.epsilon;
}
bool is_same(const Clip& a, const Clip& b) { return a.low == b.low && a.high == b.high; }
bool is_same(const PRelu& a, const PRelu& b) { return a.slope == b.slope; }
bool is_same(const MaxPool& a, const MaxPool& b) { return a.window == b.window; }
bool is_same(const AveragePool& a, const AveragePool& b) {
  return a.window == b.window && a.count_padding == b.count_padding;
}
bool is_same(const Slice& a, const Slice& b) { return a.start == b.start && a.end == b.end && a.step == b.step; }
bool is_same(const Pad& a, const Pad& b) { return a.before == b.before && a.after == b.after; }

void expect_same(const Graph& loaded, const Graph& saved) {
  EXPECT_EQ(loaded.name, saved.name);
  EXPECT_EQ(loaded.input, saved.input);
  EXPECT_EQ(loaded.output, saved.output);
  ASSERT_EQ(loaded.tensors.size(), saved.tensors.size());
  for (std::size_t i = 0; i < saved.tensors.size(); ++i) {
    EXPECT_EQ(loaded.tensors[i].name, saved.tensors[i].name);
    EXPECT_EQ(loaded.tensors[i].shape, saved.tensors[i].shape) << saved.tensors[i].name;
  }
  ASSERT_EQ(loaded.nodes.size(), saved.nodes.size());
  for (std::size_t i = 0; i < saved.nodes.size(); ++i) {
    const Node& left = loaded.nodes[i];
    const Node& right = saved.nodes[i];
    EXPECT_EQ(left.name, right.name);
    EXPECT_EQ(left.inputs, right.inputs) << right.name;
    EXPECT_EQ(left.output, right.output) << right.name;
    ASSERT_EQ(left.op.index(), right.op.index()) << right.name;
    std::visit(
        [&](const auto& op) {
          using Op = std::decay_t<decltype(op)>;
          EXPECT_TRUE(is_same(op, std::get<Op>(right.op))) << right.name;
        },
        left.op);
  }
}

Graph through_onnx(const Graph& graph) {
  const std::string bytes = graph_to_onnx(graph);
  return import_onnx(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()), graph.name);
}

TEST(OnnxSave, EveryOperatorComesBackEqual) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  Chain chain({4, 12, 10}, 1);
  Convolution grouped;
  grouped.window = {3, 2, 1, 1, 2, 1, 2, 0, 2, 1};
  grouped.groups = 2;
  grouped.output_channels = 6;
  grouped.weights = chain.values(6 * 2 * 3 * 2);
  grouped.bias = chain.values(6);
  chain.add("conv", grouped);
  chain.add("norm", chain.normalisation(6));
  const TensorId skip = chain.add("relu6", Clip{0, 6});
  Convolution plain;
  plain.output_channels = 6;
  plain.weights = chain.values(6 * 6);
  chain.add("conv1x1", plain);
  chain.add("alone", Clip{-infinity, 0.5F});
  chain.add("add", Add{}, {chain.graph().output, skip});
  const TensorId stream = chain.add("prelu", PRelu{chain.values(6, 0)});
  MaxPool maximum;
  maximum.window = {2, 2, 2, 2};
  const TensorId pooled = chain.add("max", maximum, {stream});
  Slice slice;
  slice.end = {6, 11, 9};  // the importer leaves out what no step reaches
  slice.step = {1, 2, 2};
  chain.add("slice", slice, {stream});
  Pad pad;
  pad.before = {1, 0, 0};
  pad.after = {2, 0, 0};
  const TensorId padded = chain.add("pad", pad);
  chain.add("concat", Concat{}, {padded, pooled});
  AveragePool counted;
  counted.window = {3, 3, 1, 1, 1, 1, 1, 1, 1, 1};
  counted.count_padding = true;
  chain.add("average", counted);
  chain.add("relu", Clip{0, infinity});
  AveragePool global;
  global.window = {6, 5};
  chain.add("global", global);
  chain.add("linear", Linear{10, chain.values(150), chain.values(10)});
  chain.add("norm1d", chain.normalisation(10));
  chain.add("prelu1d", PRelu{chain.values(10, 0)});
  chain.add("linear2", Linear{3, chain.values(30), {}});
  chain.add("softmax", Softmax{});
  validate(chain.graph());
  expect_same(through_onnx(chain.graph()), chain.graph());
}

TEST(OnnxSave, AnImageIsFlattenedForAMatrix) {
  Chain chain({2, 3, 4}, 2);
  chain.add("relu", Clip{0, std::numeric_limits<float>::infinity()});
  chain.add("flatten", Flatten{});
  chain.add("linear", Linear{5, chain.values(120), chain.values(5)});
  expect_same(through_onnx(chain.graph()), chain.graph());

  Chain direct({2, 3, 4}, 2);
  const Linear linear{5, direct.values(120), {}};
  direct.add("relu", Clip{0, std::numeric_limits<float>::infinity()});
  direct.add("linear", linear);
  const Graph loaded = through_onnx(direct.graph());
  ASSERT_EQ(loaded.nodes.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<Flatten>(loaded.nodes[1].op));
  EXPECT_EQ(std::get<Linear>(loaded.nodes[2].op).weights, linear.weights);
}

TEST(OnnxSave, EqualNamesDoNotCollide) {
  Chain chain({2, 4, 4}, 3);
  Graph graph = [&] {
    chain.add("norm", chain.normalisation(2));
    chain.add("second", chain.normalisation(2));
    return chain.graph();
  }();
  for (Tensor& tensor : graph.tensors) tensor.name = "norm.scale";
  const Graph loaded = through_onnx(graph);
  ASSERT_EQ(loaded.nodes.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_TRUE(
        is_same(std::get<BatchNormalization>(loaded.nodes[i].op), std::get<BatchNormalization>(graph.nodes[i].op)));
}

TEST(OnnxSave, RefusesWhatOnnxCannotSay) {
  Chain chain({2, 8, 8}, 4);
  AveragePool dilated;
  dilated.window = {2, 2, 1, 1, 2, 1};
  chain.add("average", dilated);
  EXPECT_THAT([&] { graph_to_onnx(chain.graph()); }, ThrowsMessage<Error>(HasSubstr("average")));
  Graph broken = chain.graph();
  broken.nodes[0].inputs = {7};
  EXPECT_THROW(graph_to_onnx(broken), Error);
}

TEST(OnnxSave, RealModelsComeBackEqual) {
  LUTRA_DATA_OR_SKIP(data);
  const test::ScratchFolder scratch;
  for (const char* name : {"cifar10/resnet20_bn.onnx", "cifar10/resnet20_folded.onnx", "mlperf-tiny/resnet8_bn.onnx"}) {
    SCOPED_TRACE(name);
    const Graph graph = import_onnx(data / "models" / name);
    const std::filesystem::path file = scratch.path() / std::filesystem::path(name).filename();
    save_onnx(graph, file);
    expect_same(import_onnx(file), graph);
  }
}

}  // namespace
}  // namespace lutra::network
