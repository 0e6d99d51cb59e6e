#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/software/network/onnx/onnx_model.h"

namespace lutra::network::test {
namespace {

using ::testing::ElementsAre;

Model convolution(
    const Dims& input, const Dims& weights, const std::function<void(NodeMaker)>& attributes = [](NodeMaker) {}) {
  Model model(input);
  std::size_t count = 1;
  for (const std::int64_t extent : weights) count *= static_cast<std::size_t>(extent);
  model.constant("w", weights, ramp(count));
  attributes(model.node("Conv", {"x", "w"}, "y"));
  return model;
}

TEST(ImportConv, TakesWeightsBiasAndWindow) {
  Model model({1, 3, 9, 8});
  model.constant("w", {4, 3, 3, 2}, ramp(72)).constant("b", {4}, ramp(4));
  model.node("Conv", {"x", "w", "b"}, "y")
      .ints("kernel_shape", {3, 2})
      .ints("strides", {2, 1})
      .ints("dilations", {1, 2})
      .ints("pads", {1, 0, 2, 3});
  const Graph graph = model.import();
  const auto& op = only<Convolution>(graph);
  EXPECT_EQ(op.window, (Window{.height = 3,
                               .width = 2,
                               .stride_y = 2,
                               .stride_x = 1,
                               .dilation_y = 1,
                               .dilation_x = 2,
                               .pad_top = 1,
                               .pad_left = 0,
                               .pad_bottom = 2,
                               .pad_right = 3}));
  EXPECT_EQ(op.groups, 1);
  EXPECT_EQ(op.weights, ramp(72));
  EXPECT_EQ(op.bias, ramp(4));
  EXPECT_EQ(graph.nodes[0].name, "the_y");
  EXPECT_EQ(output_shape(graph), (Shape{4, 5, 9}));
}

TEST(ImportConv, DefaultsToNoPaddingAndStepsOfOne) {
  const Graph graph = convolution({1, 2, 5, 5}, {3, 2, 3, 3}).import();
  EXPECT_EQ(only<Convolution>(graph).window, (Window{.height = 3, .width = 3}));
  EXPECT_TRUE(only<Convolution>(graph).bias.empty());
}

TEST(ImportConv, TakesGroupedAndDepthwiseConvolutions) {
  const auto groups = [](std::int64_t count) { return [count](NodeMaker node) { node.integer("group", count); }; };
  EXPECT_EQ(only<Convolution>(convolution({1, 4, 5, 5}, {6, 2, 3, 3}, groups(2)).import()).groups, 2);
  EXPECT_EQ(output_shape(convolution({1, 4, 5, 5}, {8, 1, 3, 3}, groups(4)).import()), (Shape{8, 3, 3}));
  expect_refused(convolution({1, 4, 5, 5}, {6, 2, 3, 3}, groups(3)),
                 "weights of 6x2x3x3 in 3 groups do not fit an input of 1x4x5x5");
  expect_refused(convolution({1, 4, 5, 5}, {6, 2, 3, 3}, groups(0)), "the number of groups must be in 1..");
  expect_refused(convolution({1, 4, 5, 5}, {6, 2, 3, 3}), "in 1 groups do not fit");
}

TEST(ImportConv, AutoPadSplitsAnOddPaddingAsAsked) {
  const auto padded = [](const char* mode) {
    return only<Convolution>(convolution({1, 1, 5, 6}, {1, 1, 2, 3},
                                         [&](NodeMaker node) {
                                           node.text("auto_pad", mode).ints("strides", {1, 2});
                                         })
                                 .import())
        .window;
  };
  const Window upper = padded("SAME_UPPER");
  EXPECT_EQ(std::vector<int>({upper.pad_top, upper.pad_left, upper.pad_bottom, upper.pad_right}),
            std::vector<int>({0, 0, 1, 1}));
  const Window lower = padded("SAME_LOWER");
  EXPECT_EQ(std::vector<int>({lower.pad_top, lower.pad_left, lower.pad_bottom, lower.pad_right}),
            std::vector<int>({1, 1, 0, 0}));
  EXPECT_EQ(padded("VALID").pad_bottom, 0);
  EXPECT_EQ(upper.output_height(5), 5);
  EXPECT_EQ(upper.output_width(6), 3);
}

TEST(ImportConv, RefusesOtherWindowsByName) {
  const auto with = [](auto set) { return convolution({1, 1, 5, 5}, {1, 1, 3, 3}, set); };
  expect_refused(with([](NodeMaker node) { node.text("auto_pad", "SAME"); }), "auto_pad \"SAME\" is unknown");
  expect_refused(with([](NodeMaker node) { node.ints("strides", {1, 0}); }), "strides must be in 1..4096, not 0");
  expect_refused(with([](NodeMaker node) { node.ints("strides", {1}); }), "1 values in \"strides\"");
  expect_refused(with([](NodeMaker node) { node.ints("pads", {0, 0, 0, -1}); }), "padding must be in 0..4096, not -1");
  expect_refused(with([](NodeMaker node) {
                   node.ints("dilations", {std::int64_t{1} << 40, 1});
                 }),
                 "dilations must be in");
  expect_refused(with([](NodeMaker node) { node.ints("kernel_shape", {5, 5}); }), "kernel_shape 5x5 contradicts");
  expect_refused(with([](NodeMaker node) { node.integer("fused", 1); }), "attribute \"fused\" is not supported");
  expect_refused(with([](NodeMaker node) { node.real("group", 1); }), "attribute \"group\" must be of type INT");
  expect_refused(convolution({1, 1, 2, 2}, {1, 1, 3, 3}), "test.onnx: Conv node \"the_y\": a 3x3 window");
  expect_refused(convolution({1, 3, 5}, {1, 3, 3}), "only 2-D convolutions");
}

TEST(ImportConv, RefusesWeightsThatAreComputed) {
  Model model;
  model.node("Relu", {"x"}, "w");
  model.node("Conv", {"x", "w"}, "y");
  expect_refused(model, "Conv node \"the_y\": its input 1 \"w\" must be a constant");
}

Model gemm(const std::function<void(NodeMaker)>& attributes, const Dims& weights = {2, 3}, const Dims& bias = {3}) {
  Model model({1, 2});
  model.constant("w", weights, ramp(6))
      .constant("b", bias, std::vector<float>(bias.empty() ? 1 : static_cast<std::size_t>(bias.back()), 1.0F));
  attributes(model.node("Gemm", {"x", "w", "b"}, "y"));
  return model;
}

TEST(ImportGemm, TransposesToOutputsFirst) {
  const Graph graph = gemm([](NodeMaker) {}).import();
  EXPECT_EQ(only<Linear>(graph).outputs, 3);
  EXPECT_THAT(only<Linear>(graph).weights, ElementsAre(0.5F, 2, 1, 2.5F, 1.5F, 3));
  const Graph transposed = gemm([](NodeMaker node) { node.integer("transB", 1); }, {3, 2}).import();
  EXPECT_EQ(only<Linear>(transposed).weights, ramp(6));
}

TEST(ImportGemm, AppliesAlphaAndBeta) {
  const Graph graph = gemm([](NodeMaker node) { node.real("alpha", 2).real("beta", 4); }).import();
  EXPECT_THAT(only<Linear>(graph).weights, ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(only<Linear>(graph).bias, ElementsAre(4, 4, 4));
}

TEST(ImportGemm, BiasMayBeAScalarOrARow) {
  EXPECT_THAT(only<Linear>(gemm([](NodeMaker) {}, {2, 3}, {}).import()).bias, ElementsAre(1, 1, 1));
  EXPECT_THAT(only<Linear>(gemm([](NodeMaker) {}, {2, 3}, {1, 3}).import()).bias, ElementsAre(1, 1, 1));
  expect_refused(gemm([](NodeMaker) {}, {2, 3}, {2}), "has 2 bias values");
}

TEST(ImportGemm, RefusesWhatDoesNotFit) {
  expect_refused(gemm([](NodeMaker node) { node.integer("transA", 1); }), "transA is not supported");
  expect_refused(gemm([](NodeMaker) {}, {3, 2}), "matrix of 3x2 does not fit an input of 1x2");
  Model image;
  image.constant("w", {8, 2}, ramp(16));
  image.node("MatMul", {"x", "w"}, "y");
  expect_refused(image, "MatMul node \"the_y\": takes a vector (batch x features); its input is 1x3x8x8");
}

TEST(ImportMatMul, IsALinearLayerAndTakesTheAddBehindIt) {
  for (const bool constant_first : {false, true}) {
    Model model({1, 2});
    model.constant("w", {2, 3}, ramp(6)).constant("b", {3}, ramp(3));
    model.node("MatMul", {"x", "w"}, "h");
    if (constant_first)
      model.node("Add", {"b", "h"}, "y");
    else
      model.node("Add", {"h", "b"}, "y");
    const Graph graph = model.import();
    EXPECT_THAT(only<Linear>(graph).weights, ElementsAre(0.5F, 2, 1, 2.5F, 1.5F, 3));
    EXPECT_EQ(only<Linear>(graph).bias, ramp(3));
  }
}

Model arithmetic(const std::string& type, const Dims& constant, bool constant_first = false) {
  Model model({1, 2, 4, 4});
  std::size_t count = 1;
  for (const std::int64_t extent : constant) count *= static_cast<std::size_t>(extent);
  model.constant("c", constant, ramp(count));
  model.node(type, constant_first ? std::vector<std::string>{"c", "x"} : std::vector<std::string>{"x", "c"}, "y");
  return model;
}

TEST(ImportArithmetic, AConstantBecomesANormalisation) {
  const auto& added = only<BatchNormalization>(arithmetic("Add", {1, 2, 1, 1}).import());
  EXPECT_THAT(added.bias, ElementsAre(0.5F, 1));
  EXPECT_THAT(added.scale, ElementsAre(1, 1));
  EXPECT_EQ(added.epsilon, 0);
  EXPECT_THAT(only<BatchNormalization>(arithmetic("Sub", {2, 1, 1}).import()).mean, ElementsAre(0.5F, 1));
  EXPECT_THAT(only<BatchNormalization>(arithmetic("Mul", {}).import()).scale, ElementsAre(0.5F, 0.5F));
  EXPECT_THAT(only<BatchNormalization>(arithmetic("Div", {1, 2, 1, 1}).import()).scale, ElementsAre(2, 1));
  const auto& reversed = only<BatchNormalization>(arithmetic("Sub", {2, 1, 1}, true).import());
  EXPECT_THAT(reversed.scale, ElementsAre(-1, -1));
  EXPECT_THAT(reversed.bias, ElementsAre(0.5F, 1));
}

TEST(ImportArithmetic, RefusesWhatIsNotPerChannel) {
  expect_refused(arithmetic("Mul", {4}), "its constant of 4 does not fit 1x2x4x4; one value, or one per channel");
  expect_refused(arithmetic("Add", {1, 2, 4, 4}), "does not fit 1x2x4x4");
  expect_refused(arithmetic("Add", {3, 1, 1}), "its constant of 3x1x1 does not fit");
  expect_refused(arithmetic("Div", {2, 1, 1}, true), "divides a constant by a tensor");
  Model model;
  model.node("Relu", {"x"}, "r");
  model.node("Mul", {"x", "r"}, "y");
  expect_refused(model, "Mul node \"the_y\": combines two tensors");
}

TEST(ImportArithmetic, DoesNotTouchALayerThatIsReadElsewhere) {
  Model model({1, 2, 4, 4});
  model.constant("w", {2, 2, 1, 1}, ramp(4)).constant("c", {2, 1, 1}, ramp(2));
  model.node("Conv", {"x", "w"}, "a");
  model.node("Identity", {"a"}, "b");
  model.node("Add", {"b", "c"}, "d");
  model.node("Add", {"a", "d"}, "y");
  const Graph graph = model.import();
  ASSERT_EQ(graph.nodes.size(), 3U);
  EXPECT_TRUE(at<Convolution>(graph, 0).bias.empty());
  EXPECT_EQ(at<BatchNormalization>(graph, 1).bias, ramp(2));
}

TEST(ImportArithmetic, SubtractingAConstantBehindALayerLowersItsBias) {
  Model model({1, 2, 4, 4});
  model.constant("w", {2, 2, 1, 1}, ramp(4))
      .constant("b", {2}, std::vector<float>{3, 3})
      .constant("c", {1}, std::vector<float>{1});
  model.node("Conv", {"x", "w", "b"}, "a");
  model.node("Sub", {"a", "c"}, "y");
  EXPECT_THAT(only<Convolution>(model.import()).bias, ElementsAre(2, 2));
}

Model normalization(const std::function<void(NodeMaker)>& attributes) {
  Model model;
  for (const char* name : {"scale", "bias", "mean", "variance"}) model.constant(name, {3}, ramp(3));
  attributes(model.node("BatchNormalization", {"x", "scale", "bias", "mean", "variance"}, "y"));
  return model;
}

TEST(ImportBatchNormalization, StaysANode) {
  const Graph graph =
      normalization([](NodeMaker node) { node.real("epsilon", 0.25F).real("momentum", 0.5F); }).import();
  const auto& op = only<BatchNormalization>(graph);
  EXPECT_EQ(op.epsilon, 0.25F);
  EXPECT_EQ(op.variance, ramp(3));
  expect_refused(normalization([](NodeMaker node) { node.integer("training_mode", 1); }), "training mode");
}

TEST(ImportBatchNormalization, RefusesParametersOfAnotherSize) {
  Model model({1, 4, 2, 2});
  for (const char* name : {"scale", "bias", "mean", "variance"}) model.constant(name, {3}, ramp(3));
  model.node("BatchNormalization", {"x", "scale", "bias", "mean", "variance"}, "y");
  expect_refused(model, "has 3 scale values where an input of 4x2x2 needs 4");
}

}  // namespace
}  // namespace lutra::network::test
