#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/error.h"
#include "software/quantization/trained/training_plan.h"
#include "tests/software/quantization/fake_quantised.h"

namespace lutra::quantization {
namespace {

using network::TensorId;
using test::Layers;
using test::relu;
using test::same;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::ThrowsMessage;
using Codes = TrainingPlan::Codes;

constexpr unsigned plan_seed = 7;
constexpr auto uniform = ActivationCoding::uniform;

Options three_bits(ActivationCoding activations, int activation_bits, bool wide_skip) {
  Options options;
  options.activations = activations;
  options.activation_bits = activation_bits;
  options.wide_skip = wide_skip;
  options.weight_bits = 3;
  return options;
}

TrainingPlan plan_of(const network::Graph& graph, const Options& options) {
  return plan_training(graph, test::signed_pixels, options);
}

// Of small_resnet: node n yields tensor n + 1.
const network::Graph resnet = test::small_resnet(plan_seed);

TEST(TrainingPlan, NamesTheTensorsBehindTheActivations) {
  const TrainingPlan plan = plan_of(resnet, three_bits(uniform, 4, false));
  EXPECT_EQ(plan.input_bits, 8);
  EXPECT_THAT(plan.tensors, ElementsAre(Pair(3, Codes{uniform, 4, false}), Pair(6, Codes{uniform, 4, false}),
                                        Pair(10, Codes{uniform, 4, false}), Pair(13, Codes{uniform, 4, false}),
                                        Pair(19, Codes{uniform, 4, false}), Pair(20, Codes{uniform, 8, false})));
  EXPECT_THAT(plan.streams, IsEmpty());
}

TEST(TrainingPlan, GivesEveryLayerItsWidth) {
  Options options = three_bits(uniform, 4, false);
  options.layers["node10"] = {6, 5};
  const TrainingPlan plan = plan_of(resnet, options);
  std::map<std::string, int> bits;
  std::vector<std::string> widest;
  for (const auto& [name, layer] : plan.weights) {
    bits[name] = layer.bits;
    if (layer.first_or_last) widest.push_back(name);
  }
  EXPECT_THAT(bits, ElementsAre(Pair("node0", 8), Pair("node10", 6), Pair("node13", 3), Pair("node20", 8),
                                Pair("node3", 3), Pair("node6", 3)));
  EXPECT_THAT(widest, ElementsAre("node0", "node20"));
  EXPECT_EQ(plan.tensors.at(13), (Codes{uniform, 5, false}));
}

TEST(TrainingPlan, AdditionsReadStreamsThroughSlicesAndPads) {
  const TrainingPlan plan = plan_of(resnet, three_bits(uniform, 4, true));
  EXPECT_THAT(plan.streams, ElementsAre(Pair(8, 1), Pair(15, 0)));
  EXPECT_EQ(plan.tensors, plan_of(resnet, three_bits(uniform, 4, false)).tensors);
}

TEST(TrainingPlan, AClippedTensorHasNoStream) {
  Layers build({4, 6, 6}, plan_seed);
  const TensorId x = build.add(network::Clip{0, 6}, {build.add(build.convolution(4, 4, same(3)), {0})});
  build.add(network::Add{}, {x, build.add(build.convolution(4, 4, same(3)), {x})});
  const TrainingPlan plan = plan_of(build.graph(), three_bits(uniform, 4, true));
  EXPECT_THAT(plan.streams, IsEmpty());
  EXPECT_THAT(plan.tensors, ElementsAre(Pair(x, Codes{uniform, 8, false})));
}

TEST(TrainingPlan, OneReadOfATensorAddedToItselfIsTheStream) {
  Layers build({4, 6, 6}, plan_seed);
  const TensorId x = build.add(build.convolution(4, 4, same(3)), {0});
  build.add(build.convolution(4, 4, same(3)), {build.add(network::Add{}, {x, x})});
  const TrainingPlan plan = plan_of(build.graph(), three_bits(uniform, 4, true));
  EXPECT_EQ(plan.streams.size(), 1U);
  EXPECT_EQ(plan.streams.begin()->first, 1U);
  EXPECT_EQ(plan.tensors.count(x), 1U);
}

TEST(TrainingPlan, AnOperationThatMovesCodesHasNoCodesOfItsOwn) {
  Layers build({3, 8, 8}, plan_seed);
  TensorId x = build.add(build.convolution(3, 4, same(3)), {0});
  const TensorId coded = x;
  x = build.add(network::MaxPool{{2, 2, 2, 2, 1, 1, 0, 0, 0, 0}}, {x});
  const TensorId pooled = x;
  x = build.add(network::Slice{{0, 0, 0}, {4, 4, 4}, {1, 2, 2}}, {x});
  x = build.add(network::Pad{{2, 0, 0}, {2, 0, 0}}, {x});
  build.add(build.convolution(8, 4, same(3)), {x});
  Options options = three_bits(uniform, 4, false);
  EXPECT_THAT(plan_of(build.graph(), options).tensors, ElementsAre(Pair(coded, Codes{uniform, 4, true})));
  options.layers["node1"] = {8, 6};
  EXPECT_THAT(plan_of(build.graph(), options).tensors,
              ElementsAre(Pair(coded, Codes{uniform, 4, true}), Pair(pooled, Codes{uniform, 6, true})));
}

TEST(TrainingPlan, PoolsReadPlainIntegersUnderAnotherCoding) {
  const TrainingPlan plan = plan_of(resnet, three_bits(ActivationCoding::bwa, 3, true));
  EXPECT_EQ(plan.tensors.at(3), (Codes{ActivationCoding::bwa, 3, false}));
  EXPECT_EQ(plan.tensors.at(19), (Codes{uniform, 8, false}));
}

TEST(TrainingPlan, RefusesATensorInTwoForms) {
  EXPECT_THAT([] { plan_of(resnet, three_bits(ActivationCoding::bwa, 3, false)); },
              ThrowsMessage<Error>(HasSubstr("layer 'node0': its result is read both in bwa codes and as plain "
                                             "integers, and training quantises a tensor once; set wide_skip: true")));
  Layers build({4, 8, 8}, plan_seed);
  const TensorId x = build.add(build.convolution(4, 4, same(3)), {0});
  const TensorId half = build.add(network::Slice{{0, 0, 0}, {4, 8, 8}, {1, 2, 2}}, {x});
  build.add(network::Add{}, {build.add(build.convolution(4, 4, same(3)), {half}), half});
  EXPECT_THAT([&] { plan_of(build.graph(), three_bits(uniform, 4, true)); },
              ThrowsMessage<Error>(HasSubstr("node 'node1': the addition 'node3' reads its result as a stream")));
}

TEST(WidenPooled, WidensWhatOnlyPoolsReadBeforeTheLastLayer) {
  const Options options = three_bits(uniform, 2, true);
  const Options wide = widen_pooled(options, resnet);
  ASSERT_EQ(wide.layers.size(), 1U);
  EXPECT_EQ(wide.layers.at("node13").weight_bits, 3);
  TrainingPlan expected = plan_of(resnet, options);
  EXPECT_EQ(expected.tensors.at(19).bits, 2);
  expected.tensors.at(19).bits = 8;
  EXPECT_EQ(plan_of(resnet, wide).tensors, expected.tensors);
}

TEST(WidenPooled, LeavesWhatTheOptionsName) {
  Options options = three_bits(uniform, 2, true);
  options.layers["node13"] = {3, 4};
  EXPECT_EQ(plan_of(resnet, widen_pooled(options, resnet)).tensors.at(19).bits, 4);
  options = three_bits(uniform, 2, true);
  options.first_last_bits = 0;
  EXPECT_TRUE(widen_pooled(options, resnet).layers.empty());
}

TEST(TernaryBlockOptions, MakeOnlyTheNormalisationsInFrontTernary) {
  const network::Graph graph = test::ternary_blocks(1, plan_seed);
  Options options = three_bits(ActivationCoding::ternary, 2, true);
  options.weight_bits = 2;
  options.layers["node11"] = {4, 8};
  const TrainingPlan plan = plan_of(graph, ternary_block_options(options, graph));
  constexpr Codes eight{uniform, 8, true};
  constexpr Codes ternary{ActivationCoding::ternary, 2, true};
  // 3, 8 and 15 are behind the PReLUs, 4 and 11 behind the normalisations, 16 behind the average.
  EXPECT_THAT(plan.tensors, ElementsAre(Pair(3, eight), Pair(4, ternary), Pair(8, eight), Pair(11, ternary),
                                        Pair(15, eight), Pair(16, eight)));
  // The first block's addition, and the Pad behind the pool: the pool itself reads codes.
  EXPECT_THAT(plan.streams, ElementsAre(Pair(6, 1), Pair(9, 0)));
  EXPECT_EQ(plan.weights.at("node4").bits, 2);
  EXPECT_EQ(plan.weights.at("node11").bits, 4);
  EXPECT_EQ(plan.weights.at("node0").bits, 8);
}

}  // namespace
}  // namespace lutra::quantization
