#include <gtest/gtest.h>

#include "tests/software/network/onnx/onnx_model.h"

namespace lutra::network::test {
namespace {

Model slice(const Dims& starts, const Dims& ends, const Dims& axes, const Dims& steps,
            const Dims& input = {1, 3, 8, 8}) {
  Model model(input);
  model.integers("starts", starts).integers("ends", ends).integers("axes", axes).integers("steps", steps);
  model.node("Slice", {"x", "starts", "ends", "axes", "steps"}, "y");
  return model;
}

TEST(ImportRegion, TakesSliceInputsWithNegativeAndOpenEnds) {
  constexpr std::int64_t open = std::numeric_limits<std::int64_t>::max();
  const Graph graph = slice({-7, 1}, {open, -1}, {3, 1}, {2, 1}, {1, 4, 8, 8}).import();
  const auto& op = only<Slice>(graph);
  EXPECT_EQ(op.start, (std::array{1, 0, 1}));
  EXPECT_EQ(op.step, (std::array{1, 1, 2}));
  EXPECT_EQ(output_shape(graph), (Shape{2, 8, 4}));
}

TEST(ImportRegion, TakesSliceAttributes) {
  const auto graph = single(
                         "Slice",
                         [](NodeMaker node) {
                           node.ints("starts", {1, 2}).ints("ends", {3, 9}).ints("axes", {1, -1});
                         },
                         {1, 3, 8, 8}, 9)
                         .import();
  EXPECT_EQ(output_shape(graph), (Shape{2, 8, 6}));
}

TEST(ImportRegion, RefusesOtherSlices) {
  expect_refused(slice({0}, {8}, {2}, {-1}), "negative step");
  expect_refused(slice({0}, {8}, {2}, {0}), "step of zero");
  expect_refused(slice({5}, {5}, {2}, {1}), "yields nothing along axis 2");
  expect_refused(slice({0}, {8}, {4}, {1}), "has no axis 4");
  expect_refused(slice({0, 0}, {8, 8}, {2, 2}, {1, 1}), "names axis 2 twice");
  expect_refused(slice({0}, {8}, {2, 3}, {1}), "1 starts, 2 axes and 1 steps");
}

TEST(ImportRegion, TakesTheOptionAShortcut) {
  Model model({1, 16, 32, 32});
  model.integers("starts", {0, 0}).integers("ends", {32, 32}).integers("axes", {2, 3}).integers("steps", {2, 2});
  model.integers("pads", {0, 8, 0, 0, 0, 8, 0, 0}).constant("zero", {}, std::vector<float>{0});
  model.node("Slice", {"x", "starts", "ends", "axes", "steps"}, "s");
  model.node("Pad", {"s", "pads", "zero"}, "y").text("mode", "constant");
  const Graph graph = model.import();
  EXPECT_EQ(at<Slice>(graph, 0).step, (std::array{1, 2, 2}));
  EXPECT_EQ(at<Pad>(graph, 1).before, (std::array{8, 0, 0}));
  EXPECT_EQ(at<Pad>(graph, 1).after, (std::array{8, 0, 0}));
  EXPECT_EQ(output_shape(graph), (Shape{32, 16, 16}));
}

TEST(ImportRegion, MergesSlicesInARow) {
  Model model({1, 4, 20, 20});
  for (const char* axis : {"2", "3"}) model.integers(std::string("axis") + axis, {std::atoi(axis)});
  model.integers("one", {1}).integers("two", {2}).integers("three", {3}).integers("end", {19}).integers("ten", {8});
  model.node("Slice", {"x", "one", "end", "axis2", "three"}, "a");  // rows 1, 4, 7, 10, 13, 16
  model.node("Slice", {"a", "one", "ten", "axis2", "two"}, "b");    // rows 4, 10, 16
  model.node("Slice", {"b", "two", "end", "axis3", "three"}, "y");
  const Graph graph = model.import();
  const auto& op = only<Slice>(graph);
  EXPECT_EQ(op.start, (std::array{0, 4, 2}));
  EXPECT_EQ(op.end, (std::array{4, 17, 18}));
  EXPECT_EQ(op.step, (std::array{1, 6, 3}));
}

TEST(ImportRegion, TakesPadAttributesAndAxes) {
  const auto old = single(
                       "Pad",
                       [](NodeMaker node) {
                         node.ints("pads", {0, 0, 1, 2, 0, 0, 3, 4});
                       },
                       {1, 3, 8, 8}, 9)
                       .import();
  EXPECT_EQ(only<Pad>(old).before, (std::array{0, 1, 2}));
  EXPECT_EQ(only<Pad>(old).after, (std::array{0, 3, 4}));
  Model model({1, 3, 8, 8}, 18);
  model.integers("pads", {1, 2}).integers("axes", {-1});
  model.node("Pad", {"x", "pads", "", "axes"}, "y");
  EXPECT_EQ(only<Pad>(model.import()).after, (std::array{0, 0, 2}));
}

TEST(ImportRegion, RefusesOtherPads) {
  const auto pad = [](const Dims& pads, float value, const char* mode = "constant") {
    return single(
        "Pad", [&](NodeMaker node) { node.ints("pads", pads).real("value", value).text("mode", mode); }, {1, 3, 8, 8},
        9);
  };
  expect_refused(pad({0, 0, 1, 1, 0, 0, 1, 1}, 1), "pads with 1; only zeros");
  expect_refused(pad({0, 0, 1, 1, 0, 0, 1, 1}, 0, "reflect"), "mode \"reflect\"");
  expect_refused(pad({0, 0, -1, 1, 0, 0, 1, 1}, 0), "padding must be in 0..1048576, not -1");
  expect_refused(pad({1, 0, 0, 0, 0, 0, 0, 0}, 0), "pads the batch");
  expect_refused(pad({0, 0, 0, 0}, 0), "has 4 pads for 4 axes");
}

TEST(ImportRegion, MakesAPadInFrontOfALayerItsPadding) {
  Model model;
  model.integers("pads", {0, 0, 0, 1, 0, 0, 2, 3}).constant("w", {2, 3, 3, 3}, ramp(54));
  model.node("Pad", {"x", "pads"}, "p");
  model.node("Conv", {"p", "w"}, "y").ints("pads", {1, 1, 1, 1});
  const Window& window = only<Convolution>(model.import()).window;
  EXPECT_EQ(std::vector<int>({window.pad_top, window.pad_left, window.pad_bottom, window.pad_right}),
            std::vector<int>({1, 2, 3, 4}));
}

TEST(ImportRegion, CountsAPadInFrontOfAnAverage) {
  Model model;
  model.integers("pads", {0, 0, 1, 1, 0, 0, 1, 1});
  model.node("Pad", {"x", "pads"}, "p");
  model.node("AveragePool", {"p"}, "y").ints("kernel_shape", {2, 2}).ints("strides", {2, 2});
  EXPECT_TRUE(only<AveragePool>(model.import()).count_padding);
}

TEST(ImportRegion, KeepsAPadInFrontOfAMaximum) {
  Model model;
  model.integers("pads", {0, 0, 1, 1, 0, 0, 1, 1});
  model.node("Pad", {"x", "pads"}, "p");
  model.node("MaxPool", {"p"}, "y").ints("kernel_shape", {2, 2});
  EXPECT_EQ(model.import().nodes.size(), 2U);
}

TEST(ImportRegion, TakesConcatAlongChannelsOnly) {
  const auto concat = [](std::int64_t axis) {
    Model model;
    model.node("Relu", {"x"}, "r");
    model.node("Concat", {"x", "r", "x"}, "y").integer("axis", axis);
    return model;
  };
  EXPECT_EQ(output_shape(concat(1).import()), (Shape{9, 8, 8}));
  EXPECT_EQ(output_shape(concat(-3).import()), (Shape{9, 8, 8}));
  expect_refused(concat(2), "joins 1x3x8x8 along axis 2; only channels");
}

}  // namespace
}  // namespace lutra::network::test
