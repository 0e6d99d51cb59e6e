#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/software/network/onnx/onnx_model.h"

namespace lutra::network::test {
namespace {

using ::testing::ElementsAre;

// relu -> Reshape: a shape that the network's input cannot simply take over.
Model reshaped(const Dims& target, const Dims& input = {1, 3, 8, 8}) {
  Model model(input);
  model.integers("shape", target);
  model.node("Relu", {"x"}, "r");
  model.node("Reshape", {"r", "shape"}, "y");
  return model;
}

TEST(ImportReshape, FlattensToAVector) {
  for (const Dims& target : {Dims{1, -1}, Dims{0, 192}, Dims{-1, 192}, Dims{0, -1, 1, 1}}) {
    const Graph graph = reshaped(target).import();
    EXPECT_TRUE(std::holds_alternative<Flatten>(graph.nodes.at(1).op));
    EXPECT_EQ(output_shape(graph), (Shape{192, 1, 1}));
  }
}

TEST(ImportReshape, VanishesWhereNothingMoves) {
  EXPECT_EQ(reshaped({1, 3, 8, 8}).import().nodes.size(), 1U);
  EXPECT_EQ(reshaped({0, -1}, {1, 10, 1, 1}).import().nodes.size(), 1U);
  EXPECT_EQ(reshaped({1, 10, 1, 1}, {1, 10}).import().nodes.size(), 1U);
}

TEST(ImportReshape, RefusesEverythingElse) {
  expect_refused(reshaped({1, 6, 4, 8}), "Reshape node \"the_y\": turns 1x3x8x8 into 1x6x4x8; only flattening");
  expect_refused(reshaped({1, 3, 2, 4, 8}), "turns 1x3x8x8 into 1x3x2x4x8");
  expect_refused(reshaped({3, 64}), "the batch of 1 must stay in front");
  expect_refused(reshaped({1, 191}), "does not hold the 192 elements");
  expect_refused(reshaped({-1, -1}), "its shape -1x-1 is not possible");
  expect_refused(reshaped({-1, 0, 0, 0, 0}), "copies axis 4");
  expect_refused(reshaped({std::int64_t{1} << 62, 4, -1}), "does not hold");
  expect_refused(reshaped({1, -2}), "is not possible");
}

TEST(ImportReshape, AFlatInputMayBecomeAnImage) {
  Model model({1, 784});
  model.integers("shape", {-1, 1, 28, 28}).constant("w", {2, 1, 3, 3}, ramp(18));
  model.node("Reshape", {"x", "shape"}, "image");
  model.node("Conv", {"image", "w"}, "y");
  const Graph graph = model.import();
  EXPECT_EQ(input_shape(graph), (Shape{1, 28, 28}));
  EXPECT_EQ(graph.nodes.size(), 1U);
}

TEST(ImportReshape, AnInputWithoutChannelsIsAnImageOfOne) {
  Model model({1, 28, 28});
  model.constant("w", {784, 2}, ramp(1568));
  model.node("Flatten", {"x"}, "flat");
  model.node("MatMul", {"flat", "w"}, "y");
  EXPECT_EQ(input_shape(model.import()), (Shape{1, 28, 28}));
}

TEST(ImportReshape, TakesFlattenFromTheFirstAxisOnly) {
  Model model;
  model.node("Flatten", {"x"}, "y");
  EXPECT_EQ(output_shape(model.import()), (Shape{192, 1, 1}));
  Model other;
  other.node("Flatten", {"x"}, "y").integer("axis", 2);
  expect_refused(other, "flattens from axis 2");
}

TEST(ImportReshape, TakesSqueezeAndUnsqueezeOfAVector) {
  Model model;
  model.integers("axes", {2, 3});
  model.node("GlobalAveragePool", {"x"}, "p");
  model.node("Squeeze", {"p", "axes"}, "s");
  model.node("Unsqueeze", {"s", "axes"}, "u");
  model.node("Squeeze", {"u", "axes"}, "y");
  const Graph graph = model.import();
  EXPECT_EQ(graph.nodes.size(), 1U);
  EXPECT_EQ(output_shape(graph), (Shape{3, 1, 1}));

  Model old({1, 3, 8, 8}, 11);
  old.node("GlobalAveragePool", {"x"}, "p");
  old.node("Squeeze", {"p"}, "y").ints("axes", {-1, -2});
  EXPECT_EQ(output_shape(old.import()), (Shape{3, 1, 1}));
}

TEST(ImportReshape, SqueezeKeepsTheBatch) {
  Model model;
  model.node("GlobalAveragePool", {"x"}, "p");
  model.node("Squeeze", {"p"}, "y");
  expect_refused(model, "turns 1x3x1x1 into 3; the batch of 1 must stay");
  Model wide;
  wide.integers("axes", {1});
  wide.node("Squeeze", {"x", "axes"}, "y");
  expect_refused(wide, "removes axis 1 of 1x3x8x8, whose extent is not 1");
}

// What PyTorch writes for x.view(x.size(0), -1) without constant folding.
TEST(ImportReshape, FollowsTheShapeOfAView) {
  Model model;
  model.node("Relu", {"x"}, "r");
  model.node("Shape", {"r"}, "dims");
  model.node("Constant", {}, "zero").value(tensor("", Dims{}, Dims{0}));
  model.node("Gather", {"dims", "zero"}, "batch").integer("axis", 0);
  model.node("Constant", {}, "axes").value(tensor("", {1}, Dims{0}));
  model.node("Unsqueeze", {"batch", "axes"}, "head");
  model.node("Constant", {}, "tail").value(tensor("", {1}, Dims{-1}));
  model.node("Concat", {"head", "tail"}, "target").integer("axis", 0);
  model.node("Reshape", {"r", "target"}, "y");
  const Graph graph = model.import();
  EXPECT_EQ(graph.nodes.size(), 2U);
  EXPECT_EQ(output_shape(graph), (Shape{192, 1, 1}));
}

Model channels_last_input() {
  Model model({1, 8, 6, 3});
  model.constant("mean", {3}, ramp(3)).constant("w", {4, 3, 1, 1}, ramp(12));
  model.node("Sub", {"x", "mean"}, "centred");
  model.node("Transpose", {"centred"}, "planes").ints("perm", {0, 3, 1, 2});
  model.node("Conv", {"planes", "w"}, "c");
  return model;
}

TEST(ImportTranspose, AnInputWithChannelsLastIsTakenAsPlanes) {
  const Graph graph = channels_last_input().import();
  EXPECT_EQ(input_shape(graph), (Shape{3, 8, 6}));
  EXPECT_EQ(at<BatchNormalization>(graph, 0).mean, ramp(3));
  EXPECT_EQ(output_shape(graph), (Shape{4, 8, 6}));
}

TEST(ImportTranspose, DropsTransposesThatCancel) {
  Model model = channels_last_input();
  model.node("Transpose", {"c"}, "last").ints("perm", {0, 2, 3, 1});
  model.node("Relu", {"last"}, "r");
  model.node("Transpose", {"r"}, "y").ints("perm", {0, 3, 1, 2});
  EXPECT_EQ(model.import().nodes.size(), 3U);
}

TEST(ImportTranspose, ChannelsLastIsRefusedWhereOrderMatters) {
  Model flat = channels_last_input();
  flat.node("Transpose", {"c"}, "last").ints("perm", {0, 2, 3, 1});
  flat.node("Flatten", {"last"}, "f");
  flat.node("Relu", {"f"}, "y");
  expect_refused(flat, "Relu node \"the_y\": reads an image flattened with channels last; only Gemm and MatMul can");
  Model pooled = channels_last_input();
  pooled.node("Transpose", {"c"}, "last").ints("perm", {0, 2, 3, 1});
  pooled.node("GlobalAveragePool", {"last"}, "y");
  expect_refused(pooled, "GlobalAveragePool node \"the_y\": works on an image with channels last");
  Model output = channels_last_input();
  output.node("Transpose", {"c"}, "y").ints("perm", {0, 2, 3, 1});
  expect_refused(output, "the output \"y\" is ordered with channels last");
  output.node("Flatten", {"y"}, "z");
  expect_refused(output, "the output \"z\" is ordered with channels last");
}

TEST(ImportTranspose, ALinearLayerBehindAFlatteningWithChannelsLastIsReordered) {
  Model model({1, 2, 1, 3});  // channels 2, height 1, width 3
  model.constant("w", {6, 1}, ramp(6));
  model.node("Transpose", {"x"}, "last").ints("perm", {0, 2, 3, 1});
  model.node("Flatten", {"last"}, "flat");
  model.node("Dropout", {"flat"}, "kept");
  model.node("MatMul", {"kept", "w"}, "y");
  const Graph graph = model.import();
  // In the file: (column 0: channels 0, 1), (column 1: ...); here: (channel 0: columns 0, 1, 2), (channel 1: ...).
  EXPECT_THAT(only<Linear>(graph).weights, ElementsAre(0.5F, 1.5F, 2.5F, 1, 2, 3));
  EXPECT_EQ(input_shape(graph), (Shape{2, 1, 3}));
}

TEST(ImportTranspose, RefusesOtherOrders) {
  Model model;
  model.node("Transpose", {"x"}, "y").ints("perm", {0, 1, 3, 2});
  expect_refused(model, "Transpose node \"the_y\": reorders 1x3x8x8 into 1x3x8x8; only a change between channels");
  Model twice;
  twice.node("Transpose", {"x"}, "y").ints("perm", {0, 1, 1, 2});
  expect_refused(twice, "names axis 1 twice");
  Model outside;
  outside.node("Transpose", {"x"}, "y").ints("perm", {0, 1, 2, 4});
  expect_refused(outside, "an axis must be in 0..3, not 4");
}

TEST(ImportIdentity, DropsIdentityDropoutAndCast) {
  Model model;
  model.node("Identity", {"x"}, "a");
  model.node("Dropout", {"a"}, "b").real("ratio", 0.5F);
  model.node("Cast", {"b"}, "c").integer("to", onnx::TensorProto::FLOAT);
  model.node("Relu", {"c"}, "d");
  model.node("Identity", {"d"}, "y");
  EXPECT_EQ(model.import().nodes.size(), 1U);
}

TEST(ImportIdentity, RefusesTrainingAndOtherTypes) {
  Model model;
  model.constant("ratio", {}, std::vector<float>{0.5F}).constant("training", Dims{}, Dims{1});
  model.node("Dropout", {"x", "ratio", "training"}, "y");
  expect_refused(model, "training mode");
  Model cast;
  cast.node("Cast", {"x"}, "y").integer("to", onnx::TensorProto::INT64);
  expect_refused(cast, "casts a tensor to another type than float");
}

// A convolution whose weights come out of `build`'s constant "w".
std::vector<float> folded_weights(const Dims& input, const std::function<void(Model&)>& build) {
  Model model(input);
  build(model);
  model.node("MatMul", {"x", "w"}, "y");
  return only<Linear>(model.import()).weights;
}

TEST(ConstantFolding, TransposesWeights) {
  EXPECT_EQ(folded_weights({1, 3},
                           [](Model& model) {
                             model.constant("stored", {2, 3}, ramp(6));
                             model.node("Transpose", {"stored"}, "w");
                           }),
            ramp(6));
}

TEST(ConstantFolding, ReshapesSlicesAndScalesWeights) {
  EXPECT_THAT(
      folded_weights(
          {1, 2},
          [](Model& model) {
            model.constant("stored", {6}, ramp(6))
                .integers("shape", {3, -1})
                .constant("scale", {1, 2}, std::vector<float>{2, 4});
            model.integers("from", {2}).integers("down_to", {-100}).integers("axis", {0}).integers("back", {-2});
            model.node("Reshape", {"stored", "shape"}, "matrix");                          // 0.5 1 | 1.5 2 | 2.5 3
            model.node("Slice", {"matrix", "from", "down_to", "axis", "back"}, "sliced");  // 2.5 3 | 0.5 1
            model.node("Mul", {"sliced", "scale"}, "w");                                   // 5 12 | 1 4
          }),
      ElementsAre(5, 1, 12, 4));
}

TEST(ConstantFolding, JoinsAndGathersIntegers) {
  EXPECT_EQ(folded_weights(
                {1, 6},
                [](Model& model) {
                  model.constant("stored", {6}, ramp(6)).integers("numbers", {9, 6, 1}).integers("picked", {1, -1});
                  model.node("Gather", {"numbers", "picked"}, "target");
                  model.node("Reshape", {"stored", "target"}, "w");
                }),
            ramp(6));
}

TEST(ConstantFolding, RefusesImpossibleArithmetic) {
  const auto folded = [](const std::string& type, const Dims& left, const Dims& right) {
    Model model;
    model.integers("left", left).integers("right", right);
    model.node(type, {"left", "right"}, "shape");
    model.node("Reshape", {"x", "shape"}, "y");
    return model;
  };
  constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  expect_refused(folded("Div", {1}, {0}), "Div node \"the_shape\": divides by zero");
  expect_refused(folded("Div", {lowest}, {-1}), "overflows 64 bits");
  expect_refused(folded("Mul", {lowest}, {2}), "overflows 64 bits");
  expect_refused(folded("Add", {1, 2}, {1, 2, 3}), "combines constants of 2 and 3");
}

TEST(ConstantFolding, DoesNotGrowWithoutBounds) {
  Model model;
  model.integers("dims", {1 << 20, 1 << 20});
  model.node("ConstantOfShape", {"dims"}, "w");
  model.node("MatMul", {"x", "w"}, "y");
  expect_refused(model, "ConstantOfShape node \"the_w\"");
  Model doubling;
  doubling.integers("c0", Dims(1000, 1));
  for (int i = 0; i < 40; ++i) {
    const std::string before = "c" + std::to_string(i);
    doubling.node("Concat", {before, before}, "c" + std::to_string(i + 1)).integer("axis", 0);
  }
  doubling.node("Reshape", {"x", "c40"}, "y");
  expect_refused(doubling, "would make a constant of");
}

}  // namespace
}  // namespace lutra::network::test
