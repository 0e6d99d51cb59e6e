#include "software/quantization/lowering/layers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/error.h"
#include "software/quantization/lowering/widths.h"
#include "tests/software/reference/float_graphs.h"

namespace lutra::quantization {
namespace {

using network::TensorId;
using test::GraphBuilder;
using test::relu;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr float infinity = std::numeric_limits<float>::infinity();

network::Convolution convolution(int inputs, int outputs, int stride = 1) {
  network::Convolution op;
  op.window.stride_y = op.window.stride_x = stride;
  op.output_channels = outputs;
  op.weights.assign(static_cast<std::size_t>(inputs * outputs), 0.5F);
  return op;
}

network::Linear linear(int inputs, int outputs) {
  return {outputs, std::vector<float>(static_cast<std::size_t>(inputs * outputs), 1.0F), {}};
}

std::vector<std::string> names(const LayeredGraph& layered) {
  std::vector<std::string> all;
  for (const Layer& layer : layered.layers) all.push_back(layer.name);
  return all;
}

TEST(Layers, ABlockWithAResidualIsTwoLayers) {
  GraphBuilder build({4, 8, 8});
  const TensorId first = build.add(relu, {build.add(convolution(4, 4), {0})});
  const TensorId second = build.add(convolution(4, 4), {first});
  const TensorId sum = build.add(network::Add{}, {second, 0});
  const TensorId out = build.add(relu, {sum});
  const LayeredGraph layered = make_layers(build.graph());
  ASSERT_THAT(names(layered), ElementsAre("node0", "node2"));
  const Layer& block = layered.layers[1];
  EXPECT_THAT(block.nodes, ElementsAre("node2", "node3", "node4"));
  EXPECT_EQ(block.anchor_output, second);
  EXPECT_EQ(block.sum, sum);
  EXPECT_EQ(block.output, out);
  ASSERT_TRUE(block.skip);
  EXPECT_EQ(block.skip->source, 0);
  EXPECT_TRUE(block.clip);
  EXPECT_FALSE(layered.layers[0].skip);
}

TEST(Layers, AnOptionAShortcutIsAViewOfTheSkip) {
  GraphBuilder build({4, 8, 8});
  const TensorId sliced = build.add(network::Slice{{0, 0, 0}, {4, 8, 8}, {1, 2, 2}}, {0});
  const TensorId padded = build.add(network::Pad{{2, 0, 0}, {2, 0, 0}}, {sliced});
  const TensorId main = build.add(convolution(4, 8, 2), {0});
  build.add(network::Add{}, {padded, main});
  const LayeredGraph layered = make_layers(build.graph());
  ASSERT_THAT(names(layered), ElementsAre("node2"));
  const SkipView& skip = *layered.layers[0].skip;
  EXPECT_EQ(skip.source, 0);
  EXPECT_EQ(skip.stride_y, 2);
  EXPECT_EQ(skip.stride_x, 2);
  EXPECT_EQ(skip.channel_offset, 2);
}

TEST(Layers, ASliceOrPadThatIsNotAViewStays) {
  GraphBuilder build({4, 8, 8});
  const TensorId sliced = build.add(network::Slice{{0, 1, 0}, {4, 8, 8}, {1, 2, 2}}, {0});
  build.add(network::Add{}, {build.add(convolution(4, 4, 2), {0}), sliced});
  EXPECT_THAT(names(make_layers(build.graph())), ElementsAre("node0", "node1"));
}

TEST(Layers, AnActivationReadTwiceEndsItsLayer) {
  GraphBuilder build({4, 8, 8});
  const TensorId shared = build.add(convolution(4, 4), {0});
  const TensorId positive = build.add(relu, {shared});
  const TensorId slope = build.add(network::PRelu{{0.5F}}, {shared});
  build.add(network::Add{}, {positive, slope});
  const LayeredGraph layered = make_layers(build.graph());
  EXPECT_THAT(names(layered), ElementsAre("node0", "node1", "node2", "node3"));
  EXPECT_FALSE(layered.layers[0].clip);
  EXPECT_EQ(layered.layers[3].inputs, std::vector<TensorId>{positive});
  EXPECT_EQ(layered.layers[3].skip->source, slope);
}

TEST(Layers, TheLaterOfTwoConvolutionsTakesTheAddition) {
  GraphBuilder build({4, 8, 8});
  const TensorId main = build.add(convolution(4, 4), {0});
  const TensorId shortcut = build.add(convolution(4, 4), {0});
  build.add(network::Add{}, {shortcut, main});
  const LayeredGraph layered = make_layers(build.graph());
  ASSERT_THAT(names(layered), ElementsAre("node0", "node1"));
  EXPECT_EQ(layered.layers[1].skip->source, main);
}

TEST(Layers, AnAdditionTakesOneActivationAndOnlyBeforeIt) {
  GraphBuilder build({4, 8, 8});
  const TensorId positive = build.add(relu, {build.add(convolution(4, 4), {0})});
  const TensorId sum = build.add(network::Add{}, {positive, 0});
  build.add(network::Clip{-1.0F, 1.0F}, {build.add(network::Clip{0.0F, 6.0F}, {sum})});
  EXPECT_THAT(names(make_layers(build.graph())), ElementsAre("node0", "node2", "node4"));
}

TEST(Layers, TheResultOfTheNetworkIsNotFusedAway) {
  network::Graph graph;
  GraphBuilder build({4, 8, 8});
  const TensorId logits = build.add(convolution(4, 4), {0});
  build.add(relu, {logits});
  graph = build.graph();
  graph.output = logits;
  const LayeredGraph layered = make_layers(graph);
  EXPECT_THAT(names(layered), ElementsAre("node0"));
  EXPECT_FALSE(layered.layers[0].clip);
}

TEST(Layers, FlattenBeforeALinearLayerAndAFinalSoftmaxVanish) {
  GraphBuilder build({4, 3, 3});
  const TensorId activated = build.add(relu, {build.add(network::Flatten{}, {0})});
  const TensorId logits = build.add(linear(36, 5), {build.add(network::Flatten{}, {activated})});
  build.add(network::Softmax{}, {logits});
  const LayeredGraph layered = make_layers(build.graph());
  EXPECT_THAT(names(layered), ElementsAre("node1", "node3"));
  EXPECT_EQ(layered.layers[0].inputs, std::vector<TensorId>{0});
  EXPECT_EQ(layered.layers[1].inputs, std::vector<TensorId>{activated});
  EXPECT_EQ(layered.output, logits);
}

TEST(Layers, RefusesASoftmaxInTheMiddleByName) {
  GraphBuilder build({4, 1, 1});
  build.add(linear(4, 2), {build.add(network::Softmax{}, {0})});
  EXPECT_THAT([&] { make_layers(build.graph()); }, ThrowsMessage<Error>(HasSubstr("Softmax node 'node0'")));
}

TEST(Layers, RefusesAFlattenThatSomethingElseReads) {
  GraphBuilder build({4, 2, 2});
  const TensorId flat = build.add(network::Flatten{}, {0});
  build.add(network::Concat{}, {flat, flat});
  EXPECT_THAT([&] { make_layers(build.graph()); },
              ThrowsMessage<Error>(HasSubstr("Concat node 'node1' reads a Flatten")));
  GraphBuilder last({4, 2, 2});
  last.add(network::Flatten{}, {0});
  EXPECT_THAT([&] { make_layers(last.graph()); },
              ThrowsMessage<Error>(HasSubstr("the network's output reads a Flatten")));
}

TEST(Layers, AFlattenOfOnePixelVanishes) {
  GraphBuilder build({4, 1, 1});
  const TensorId flat = build.add(network::Flatten{}, {0});
  build.add(network::Concat{}, {flat, 0});
  EXPECT_EQ(make_layers(build.graph()).layers[0].inputs, (std::vector<TensorId>{0, 0}));
}

std::vector<Layer> three_layers() {
  GraphBuilder build({4, 4, 4});
  const TensorId first = build.add(relu, {build.add(convolution(4, 4), {0})});
  const TensorId pooled =
      build.add(network::MaxPool{{2, 2, 2, 2, 1, 1, 0, 0, 0, 0}}, {build.add(convolution(4, 4), {first})});
  build.add(linear(16, 3), {pooled});
  return make_layers(build.graph()).layers;
}

TEST(Widths, FirstAndLastLayerHaveTheirOwn) {
  Options options;
  options.weight_bits = 2;
  options.activation_bits = 3;
  options.first_last_bits = 7;
  const Widths widths = resolve_widths(three_layers(), options);
  EXPECT_EQ(widths.input_bits, 7);
  ASSERT_EQ(widths.layers.size(), 4U);
  EXPECT_EQ(widths.layers[0].weight_bits, 7);
  EXPECT_EQ(widths.layers[0].activation_bits, 3);
  EXPECT_EQ(widths.layers[1].weight_bits, 2);
  EXPECT_EQ(widths.layers[1].activation_bits, 3);
  EXPECT_EQ(widths.layers[2].activation_bits, 7);  // the last layer's input
  EXPECT_EQ(widths.layers[3].weight_bits, 7);
  options.first_last_bits = 0;
  EXPECT_EQ(resolve_widths(three_layers(), options).layers[0].weight_bits, 2);
  EXPECT_EQ(resolve_widths(three_layers(), options).input_bits, 3);
}

TEST(Widths, ALayersOwnWidthsWin) {
  Options options;
  options.layers["node0"] = {5, 6};
  const Widths widths = resolve_widths(three_layers(), options);
  EXPECT_EQ(widths.layers[0].weight_bits, 5);
  EXPECT_EQ(widths.layers[0].activation_bits, 6);
  EXPECT_TRUE(widths.overridden[0]);
  EXPECT_FALSE(widths.overridden[1]);
}

TEST(Widths, RefusesUnknownLayersAndImpossibleWidths) {
  const auto message_of = [](const std::string& layer, LayerWidths given) {
    Options options;
    options.layers[layer] = given;
    return [options] { resolve_widths(three_layers(), options); };
  };
  EXPECT_THAT(message_of("nod0", {8, 8}),
              ThrowsMessage<Error>(
                  HasSubstr("layer 'nod0' does not exist, so it cannot be given widths; did you mean 'node0'?")));
  EXPECT_THAT(message_of("node1", {8, 8}), ThrowsMessage<Error>(HasSubstr("'node1' is computed within layer 'node0'")));
  EXPECT_THAT(message_of("node0", {9, 8}), ThrowsMessage<Error>(HasSubstr("layer 'node0', weight_bits: 9")));
  EXPECT_THAT(message_of("node0", {8, 1}), ThrowsMessage<Error>(HasSubstr("layer 'node0', activation_bits: 1")));
  Options options;
  options.first_last_bits = 1;
  EXPECT_THAT([&] { resolve_widths({}, options); }, ThrowsMessage<Error>(HasSubstr("first_last_bits: 1")));
}

}  // namespace
}  // namespace lutra::quantization
