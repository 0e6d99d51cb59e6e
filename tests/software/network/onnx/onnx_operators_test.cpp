#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/software/network/onnx/onnx_model.h"

namespace lutra::network::test {
namespace {

using ::testing::ElementsAre;

constexpr float infinity = std::numeric_limits<float>::infinity();

TEST(ImportActivation, TakesReluAndBothFormsOfClip) {
  EXPECT_EQ(only<Clip>(single("Relu").import()).low, 0);
  EXPECT_EQ(only<Clip>(single("Relu").import()).high, infinity);

  const auto old = single(
                       "Clip", [](NodeMaker node) { node.real("min", 0).real("max", 6); }, {1, 3, 8, 8}, 9)
                       .import();
  EXPECT_EQ(only<Clip>(old).high, 6);

  Model model;
  model.constant("high", {}, std::vector<float>{6});
  model.node("Clip", {"x", "", "high"}, "y");
  EXPECT_EQ(only<Clip>(model.import()).low, -infinity);
  EXPECT_EQ(only<Clip>(model.import()).high, 6);
}

TEST(ImportActivation, TheLargestFloatDoesNotBoundAClip) {
  const auto graph = single(
                         "Clip", [](NodeMaker node) { node.real("max", std::numeric_limits<float>::max()); }, {1, 2}, 7)
                         .import();
  EXPECT_EQ(only<Clip>(graph).high, infinity);
}

TEST(ImportActivation, MergesClipsInARow) {
  Model model;
  model.constant("low", {}, std::vector<float>{-1}).constant("high", {}, std::vector<float>{6});
  model.node("Relu", {"x"}, "r");
  model.node("Clip", {"r", "low", "high"}, "y");
  const Graph graph = model.import();
  EXPECT_EQ(only<Clip>(graph).low, 0);
  EXPECT_EQ(only<Clip>(graph).high, 6);
}

TEST(ImportActivation, RefusesAnEmptyClip) {
  Model model;
  model.constant("low", {}, std::vector<float>{2}).constant("high", {}, std::vector<float>{1});
  model.node("Clip", {"x", "low", "high"}, "y");
  expect_refused(model, "Clip node \"the_y\": clips to the empty range 2..1");
}

Model prelu(const Dims& slope, const Dims& input = {1, 3, 8, 8}) {
  Model model(input);
  std::size_t count = 1;
  for (const std::int64_t extent : slope) count *= static_cast<std::size_t>(extent);
  model.constant("s", slope, ramp(count));
  model.node("PRelu", {"x", "s"}, "y");
  return model;
}

TEST(ImportActivation, TakesPReluSlopesOfAnyShape) {
  for (const Dims& slope : {Dims{3, 1, 1}, Dims{1, 3, 1, 1}, Dims{3}})
    EXPECT_EQ(only<PRelu>(prelu(slope).import()).slope, ramp(3));
  EXPECT_THAT(only<PRelu>(prelu({1}).import()).slope, ElementsAre(0.5F, 0.5F, 0.5F));
  EXPECT_EQ(only<PRelu>(prelu({3}, {1, 3}).import()).slope, ramp(3));
  expect_refused(prelu({3}, {1, 3, 3, 3}), "its constant of 3 does not fit 1x3x3x3");
  expect_refused(prelu({3, 8, 8}), "does not fit");
}

TEST(ImportActivation, LeakyReluIsAPRelu) {
  EXPECT_THAT(only<PRelu>(single("LeakyRelu").import()).slope, ElementsAre(0.01F));
  EXPECT_THAT(only<PRelu>(single("LeakyRelu", [](NodeMaker node) { node.real("alpha", 0.25F); }).import()).slope,
              ElementsAre(0.25F));
}

TEST(ImportActivation, TakesSoftmaxOverChannelsOnly) {
  only<Softmax>(single("Softmax", [](NodeMaker) {}, {1, 10}).import());
  only<Softmax>(single("Softmax", [](NodeMaker node) { node.integer("axis", 1); }).import());
  expect_refused(single("Softmax"), "works along axis 3 of 1x3x8x8");
  expect_refused(single(
                     "Softmax", [](NodeMaker) {}, {1, 3, 8, 8}, 11),
                 "works along axis 1 of 1x3x8x8");
  only<Softmax>(single(
                    "Softmax", [](NodeMaker) {}, {1, 10, 1, 1}, 11)
                    .import());
  expect_refused(single("Softmax", [](NodeMaker node) { node.integer("axis", 4); }), "has no axis 4");
}

TEST(ImportPool, TakesMaximumAndAverage) {
  const auto window = [](NodeMaker node) {
    node.ints("kernel_shape", {3, 2}).ints("strides", {2, 2}).ints("pads", {1, 0, 1, 0});
  };
  const Window expected{.height = 3, .width = 2, .stride_y = 2, .stride_x = 2, .pad_top = 1, .pad_bottom = 1};
  EXPECT_EQ(only<MaxPool>(single("MaxPool", window).import()).window, expected);
  const Graph average = single("AveragePool", window).import();
  EXPECT_EQ(only<AveragePool>(average).window, expected);
  EXPECT_FALSE(only<AveragePool>(average).count_padding);
  EXPECT_EQ(output_shape(average), (Shape{3, 4, 4}));
  const auto counting =
      single("AveragePool", [&](NodeMaker node) { window(node), node.integer("count_include_pad", 1); }).import();
  EXPECT_TRUE(only<AveragePool>(counting).count_padding);
}

TEST(ImportPool, TakesADilatedMaximum) {
  const auto graph = single("MaxPool", [](NodeMaker node) {
                       node.ints("kernel_shape", {3, 3}).ints("dilations", {2, 2});
                     }).import();
  EXPECT_EQ(only<MaxPool>(graph).window.dilation_x, 2);
  EXPECT_EQ(output_shape(graph), (Shape{3, 4, 4}));
}

TEST(ImportPool, TakesCeilModeOnlyWhereItChangesNothing) {
  const auto window = [](std::int64_t size) {
    return [size](NodeMaker node) {
      node.ints("kernel_shape", {size, size}).ints("strides", {2, 2}).integer("ceil_mode", 1);
    };
  };
  EXPECT_EQ(output_shape(single("MaxPool", window(2)).import()), (Shape{3, 4, 4}));
  expect_refused(single("MaxPool", window(3)), "MaxPool node \"the_y\": ceil_mode=1 is not supported");
}

TEST(ImportPool, RefusesIndicesAndMissingKernels) {
  expect_refused(single("MaxPool"), "has no kernel_shape");
  Model model;
  model.node("MaxPool", {"x"}, "y").ints("kernel_shape", {2, 2})->add_output("indices");
  model.node("Relu", {"indices"}, "z");
  expect_refused(model, "MaxPool node \"the_y\": its output 1 \"indices\" is used");
}

TEST(ImportPool, GlobalPoolsAreWindowsOfTheWholeImage) {
  const Window whole{.height = 8, .width = 8};
  EXPECT_EQ(only<AveragePool>(single("GlobalAveragePool").import()).window, whole);
  EXPECT_EQ(only<MaxPool>(single("GlobalMaxPool").import()).window, whole);
  for (const std::int64_t keepdims : {0, 1}) {
    const Graph graph = single("ReduceMean", [&](NodeMaker node) {
                          node.ints("axes", {-1, 2}).integer("keepdims", keepdims);
                        }).import();
    EXPECT_EQ(only<AveragePool>(graph).window, whole);
    EXPECT_EQ(output_shape(graph), (Shape{3, 1, 1}));
  }
  expect_refused(single("ReduceMean", [](NodeMaker node) { node.ints("axes", {1}); }),
                 "only a mean over height and width");
}

TEST(ImportPool, ReduceMeanTakesItsAxesAsAnInputToo) {
  Model model({1, 3, 8, 8}, 18);
  model.integers("axes", {2, 3}).constant("w", {3, 2}, ramp(6));
  model.node("ReduceMean", {"x", "axes"}, "p").integer("keepdims", 0);
  model.node("MatMul", {"p", "w"}, "y");
  EXPECT_EQ(output_shape(model.import()), (Shape{2, 1, 1}));
}

TEST(ImportAdd, TakesTwoTensorsOfOneShape) {
  for (const char* type : {"Add", "Sum"}) {
    Model model;
    model.node("Relu", {"x"}, "r");
    model.node(type, {"x", "r"}, "y");
    const Graph graph = model.import();
    EXPECT_TRUE(std::holds_alternative<Add>(graph.nodes[1].op));
    EXPECT_EQ(graph.nodes[1].inputs, (std::vector<TensorId>{0, 1}));
  }
  Model three;
  three.node("Sum", {"x", "x", "x"}, "y");
  expect_refused(three, "has 3 inputs; two can be added");
  Model unequal;
  unequal.node("GlobalAveragePool", {"x"}, "p");
  unequal.node("Add", {"x", "p"}, "y");
  expect_refused(unequal, "adds 1x3x8x8 and 1x3x1x1");
}

}  // namespace
}  // namespace lutra::network::test
