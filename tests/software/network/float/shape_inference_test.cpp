#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/error.h"
#include "software/network/float/graph.h"
#include "software/network/limits.h"

namespace lutra::network {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

Convolution convolution(int outputs, int inputs_per_group, Window window, int groups = 1) {
  const auto weights = static_cast<std::size_t>(outputs) * inputs_per_group * window.height * window.width;
  return {window, groups, outputs, std::vector<float>(weights, 1.0F), {}};
}

void expect_refused(const Operator& op, const std::vector<Shape>& inputs, const std::string& message) {
  EXPECT_THAT([&] { infer_shape(op, inputs, "here"); }, ThrowsMessage<Error>(HasSubstr(message)));
}

Graph small_network() {
  Graph graph;
  graph.name = "small";
  graph.tensors = {{"x", {3, 8, 8}}, {"a", {4, 8, 8}}, {"b", {4, 8, 8}}};
  graph.nodes = {
      {"conv",
       convolution(4, 3, {.height = 3, .width = 3, .pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1}),
       {0},
       1},
      {"relu", Clip{0}, {1}, 2}};
  graph.input = 0;
  graph.output = 2;
  return graph;
}

void expect_invalid(const Graph& graph, const std::string& message) {
  EXPECT_THAT([&] { validate(graph); }, ThrowsMessage<Error>(HasSubstr(message)));
}

TEST(ShapeInference, ConvolutionCountsWindowPositions) {
  const Window strided{
      .height = 3, .width = 5, .stride_y = 2, .stride_x = 1, .dilation_y = 2, .pad_top = 1, .pad_bottom = 2};
  EXPECT_EQ(infer_shape(convolution(8, 2, strided, 2), {{4, 11, 9}}, ""), (Shape{8, 5, 5}));
}

TEST(ShapeInference, AWindowThatDoesNotFitHasNoPosition) {
  // (2 - 3) / 2 rounds to zero: the window must not appear to fit once.
  const Window window{.height = 3, .width = 1, .stride_y = 2, .stride_x = 2};
  EXPECT_EQ(window.output_height(2), 0);
  expect_refused(convolution(1, 1, window), {{1, 2, 8}}, "3x1 window");
}

TEST(ShapeInference, ConvolutionRefusesWhatDoesNotFitTogether) {
  expect_refused(convolution(4, 1, {}, 3), {{4, 2, 2}}, "3 groups do not divide 4 input");
  expect_refused(convolution(4, 3, {}), {{4, 2, 2}}, "has 12 weight values where an input of 4x2x2 needs 16");
  Convolution biased = convolution(4, 4, {});
  biased.bias = {1.0F};
  expect_refused(biased, {{4, 2, 2}}, "Conv node \"here\": has 1 bias values");
  expect_refused(convolution(4, 4, {}), {{4, 2, 2}, {4, 2, 2}}, "has 2 inputs instead of 1");
}

TEST(ShapeInference, LinearTakesTheWholeInput) {
  EXPECT_EQ(infer_shape(Linear{5, std::vector<float>(300), {}}, {{3, 4, 5}}, ""), (Shape{5, 1, 1}));
  expect_refused(Linear{5, std::vector<float>(301), {}}, {{3, 4, 5}}, "301 weight values");
  expect_refused(Linear{0, {}, {}}, {{3, 4, 5}}, "0 outputs");
}

TEST(ShapeInference, PoolsKeepChannels) {
  EXPECT_EQ(infer_shape(MaxPool{{.height = 2, .width = 2, .stride_y = 2, .stride_x = 2}}, {{7, 9, 8}}, ""),
            (Shape{7, 4, 4}));
  EXPECT_EQ(infer_shape(AveragePool{{.height = 9, .width = 8}}, {{7, 9, 8}}, ""), (Shape{7, 1, 1}));
}

TEST(ShapeInference, APoolWindowMustSeeTheImage) {
  expect_refused(MaxPool{{.pad_top = 1}}, {{1, 4, 4}}, "window at row 0 lies in the padding");
  expect_refused(AveragePool{{.height = 2, .width = 2, .pad_right = 3}}, {{1, 4, 4}},
                 "window at column 5 lies in the padding");
  expect_refused(MaxPool{{.stride_y = 5, .pad_bottom = 4}}, {{1, 3, 3}}, "window at row 1 lies in the padding");
  // Both taps of a dilated window can miss an image of one column.
  expect_refused(MaxPool{{.width = 2, .dilation_x = 2, .pad_left = 1, .pad_right = 1}}, {{1, 4, 1}}, "column 0");
}

TEST(ShapeInference, ElementwiseOperatorsKeepTheShape) {
  const Shape shape{2, 3, 4};
  EXPECT_EQ(infer_shape(BatchNormalization{{1, 1}, {0, 0}, {0, 0}, {1, 1}}, {shape}, ""), shape);
  EXPECT_EQ(infer_shape(Clip{0, 6}, {shape}, ""), shape);
  EXPECT_EQ(infer_shape(PRelu{{0.5F}}, {shape}, ""), shape);
  EXPECT_EQ(infer_shape(PRelu{{0.5F, 0.25F}}, {shape}, ""), shape);
  EXPECT_EQ(infer_shape(Add{}, {shape, shape}, ""), shape);
  EXPECT_EQ(infer_shape(Softmax{}, {shape}, ""), shape);
  expect_refused(BatchNormalization{{1, 1}, {0, 0}, {0}, {1, 1}}, {shape}, "1 mean values");
  expect_refused(PRelu{{1, 2, 3}}, {shape}, "3 slope values");
  expect_refused(Add{}, {shape, {2, 4, 3}}, "adds 2x3x4 and 2x4x3");
  expect_refused(Clip{1, 0}, {shape}, "empty range 1..0");
  expect_refused(Clip{std::numeric_limits<float>::quiet_NaN(), 0}, {shape}, "empty range");
}

TEST(ShapeInference, SliceTakesEveryStepthElement) {
  EXPECT_EQ(infer_shape(Slice{{0, 1, 0}, {4, 8, 7}, {1, 2, 3}}, {{4, 8, 8}}, ""), (Shape{4, 4, 3}));
  expect_refused(Slice{{0, 0, 0}, {4, 9, 8}}, {{4, 8, 8}}, "0:9:1 of axis 2");
  expect_refused(Slice{{2, 0, 0}, {2, 8, 8}}, {{4, 8, 8}}, "2:2:1 of axis 1");
  expect_refused(Slice{{0, 0, 0}, {4, 8, 8}, {1, 1, 0}}, {{4, 8, 8}}, "0:8:0 of axis 3");
}

TEST(ShapeInference, PadConcatAndFlattenAddUp) {
  EXPECT_EQ(infer_shape(Pad{{1, 2, 3}, {4, 5, 6}}, {{1, 1, 1}}, ""), (Shape{6, 8, 10}));
  EXPECT_EQ(infer_shape(Concat{}, {{1, 4, 5}, {2, 4, 5}, {3, 4, 5}}, ""), (Shape{6, 4, 5}));
  EXPECT_EQ(infer_shape(Flatten{}, {{3, 4, 5}}, ""), (Shape{60, 1, 1}));
  expect_refused(Pad{{0, -1, 0}, {}}, {{1, 4, 4}}, "not -1");
  expect_refused(Concat{}, {{1, 4, 5}, {1, 5, 4}}, "height and width must agree");
  expect_refused(Concat{}, {}, "has no inputs");
}

TEST(ShapeInference, SizesThatWouldOverflowAreRefused) {
  constexpr int huge = std::numeric_limits<int>::max();
  expect_refused(Flatten{}, {{huge, huge, huge}}, "every extent must be in 1..1048576");
  expect_refused(Flatten{}, {{0, 1, 1}}, "every extent");
  expect_refused(Softmax{}, {{max_dimension, max_dimension, 1}}, "more than the 67108864 elements");
  expect_refused(Pad{{huge, 0, 0}, {huge, 0, 0}}, {{1, 1, 1}}, "padding must be in 0..1048576");
  expect_refused(Flatten{}, {{1024, 1024, 2}}, "more than 1048576 channels");
  expect_refused(Concat{}, {{max_dimension, 1, 1}, {1, 1, 1}}, "1048577 channels");
  expect_refused(MaxPool{{.height = huge}}, {{1, 4, 4}}, "must be in 1..4096");
  expect_refused(MaxPool{{.dilation_y = 0}}, {{1, 4, 4}}, "must be in 1..4096");
  expect_refused(MaxPool{{.pad_top = -1}}, {{1, 4, 4}}, "padding must be in 0..4096");
  expect_refused(Linear{max_dimension, {}, {}}, {{max_dimension, 1, 1}}, "needs 1099511627776");
}

TEST(SaturatingProduct, StopsAtTheLargestInteger) {
  constexpr std::int64_t huge = std::int64_t{1} << 40;
  EXPECT_EQ(saturating_product({3, 5, 7}), 105);
  EXPECT_EQ(saturating_product({huge, huge}), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(saturating_product({huge, huge, 0}), 0);
  EXPECT_EQ(saturating_product({}), 1);
}

TEST(Validate, AcceptsANetworkInOrder) { validate(small_network()); }

TEST(Validate, NamesTheNodeThatReadsTooEarly) {
  Graph graph = small_network();
  std::swap(graph.nodes[0], graph.nodes[1]);
  expect_invalid(graph, "Relu node \"relu\": reads tensor \"a\" before");
}

TEST(Validate, RefusesBadTensorIds) {
  Graph graph = small_network();
  graph.nodes[1].inputs = {7};
  expect_invalid(graph, "names tensor 7 of 3");
  graph = small_network();
  graph.nodes[1].output = 1;
  expect_invalid(graph, "writes tensor \"a\", which has a value already");
  graph = small_network();
  graph.output = -1;
  expect_invalid(graph, "names tensor -1");
  graph = small_network();
  graph.tensors.push_back({"stray", {1, 1, 1}});
  expect_invalid(graph, "no node writes tensor \"stray\"");
}

TEST(Validate, RefusesAWrongDeclaredShape) {
  Graph graph = small_network();
  graph.tensors[1].shape = {4, 8, 7};
  expect_invalid(graph, "yields 4x8x8 but its tensor \"a\" is declared 4x8x7");
}

TEST(Validate, RefusesParametersThatAreNotFinite) {
  Graph graph = small_network();
  std::get<Convolution>(graph.nodes[0].op).weights[5] = std::numeric_limits<float>::quiet_NaN();
  expect_invalid(graph, "Conv node \"conv\": a weight value is nan");
  graph = small_network();
  graph.nodes[1].op = BatchNormalization{{1, 1, 1, 1}, {0, 0, 0, 0}, {0, 0, 0, 0}, {1, 1, -1, 1}};
  expect_invalid(graph, "variance -1");
}

TEST(MultiplyAccumulates, CountsConvolutionsAndLinearLayers) {
  Graph graph = small_network();
  EXPECT_EQ(multiply_accumulates(graph), 4 * 8 * 8 * 3 * 3 * 3);
  graph.tensors.push_back({"y", {10, 1, 1}});
  graph.nodes.push_back({"fc", Linear{10, std::vector<float>(2560), {}}, {2}, 3});
  graph.output = 3;
  EXPECT_EQ(multiply_accumulates(graph), 4 * 8 * 8 * 3 * 3 * 3 + 2560);
}

TEST(OperatorName, IsTheNameOnnxUses) {
  EXPECT_STREQ(operator_name(Convolution{}), "Conv");
  EXPECT_STREQ(operator_name(Linear{}), "Gemm");
  EXPECT_STREQ(operator_name(Clip{0}), "Relu");
  EXPECT_STREQ(operator_name(Clip{0, 6}), "Clip");
}

}  // namespace
}  // namespace lutra::network
