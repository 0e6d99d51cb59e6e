#include <gtest/gtest.h>

#include <algorithm>

#include "software/network/float/fold.h"
#include "software/network/onnx/onnx_import.h"
#include "tests/support/data.h"

namespace lutra::network {
namespace {

template <typename Op>
std::ptrdiff_t count(const Graph& graph) {
  return std::count_if(graph.nodes.begin(), graph.nodes.end(),
                       [](const Node& node) { return std::holds_alternative<Op>(node.op); });
}

TEST(RealModels, ResNet20HasItsShapesAndMultiplyAccumulates) {
  LUTRA_DATA_OR_SKIP(data);
  const Graph graph = import_onnx(data / "models/cifar10/resnet20_bn.onnx");
  EXPECT_EQ(graph.name, "resnet20_bn");
  EXPECT_EQ(graph.tensors[static_cast<std::size_t>(graph.input)].shape, (Shape{3, 32, 32}));
  EXPECT_EQ(graph.tensors[static_cast<std::size_t>(graph.output)].shape, (Shape{10, 1, 1}));
  EXPECT_EQ(multiply_accumulates(graph), 40'551'040);
  EXPECT_EQ(count<Convolution>(graph), 19);
  EXPECT_EQ(count<BatchNormalization>(graph), 19);
  EXPECT_EQ(count<Add>(graph), 9);
  EXPECT_EQ(count<Slice>(graph), 2);
  EXPECT_EQ(count<Pad>(graph), 2);
  EXPECT_EQ(count<Linear>(graph), 1);
}

TEST(RealModels, FoldingResNet20GivesTheFoldedFile) {
  LUTRA_DATA_OR_SKIP(data);
  const Graph folded = fold_batch_normalization(import_onnx(data / "models/cifar10/resnet20_bn.onnx"));
  validate(folded);
  const Graph expected = import_onnx(data / "models/cifar10/resnet20_folded.onnx");
  EXPECT_EQ(count<BatchNormalization>(folded), 0);
  ASSERT_EQ(folded.nodes.size(), expected.nodes.size());
  for (std::size_t i = 0; i < folded.nodes.size(); ++i) {
    const auto* ours = std::get_if<Convolution>(&folded.nodes[i].op);
    if (!ours) continue;
    const auto& theirs = std::get<Convolution>(expected.nodes[i].op);
    EXPECT_EQ(ours->window, theirs.window);
    ASSERT_EQ(ours->weights.size(), theirs.weights.size());
    for (std::size_t k = 0; k < ours->weights.size(); ++k) ASSERT_NEAR(ours->weights[k], theirs.weights[k], 1e-5);
    ASSERT_EQ(ours->bias.size(), theirs.bias.size());
    for (std::size_t k = 0; k < ours->bias.size(); ++k) ASSERT_NEAR(ours->bias[k], theirs.bias[k], 1e-5);
  }
}

TEST(RealModels, ResNet56AndBothResNet8Import) {
  LUTRA_DATA_OR_SKIP(data);
  EXPECT_EQ(multiply_accumulates(import_onnx(data / "models/cifar10/resnet56_folded.onnx")), 125'485'696);
  for (const char* name : {"resnet8_bn.onnx", "resnet8_folded.onnx"}) {
    const Graph graph = import_onnx(data / "models/mlperf-tiny" / name);
    EXPECT_EQ(multiply_accumulates(graph), 12'501'632) << name;
    EXPECT_TRUE(std::holds_alternative<Softmax>(graph.nodes.back().op)) << name;
    EXPECT_EQ(count<Flatten>(graph), 0) << "a vector needs no flattening";
  }
}

}  // namespace
}  // namespace lutra::network
