#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/compiler/compiler.h"
#include "tests/software/compiler/support/image_runner.h"
#include "tests/software/compiler/support/layers.h"
#include "tests/software/compiler/support/random_network.h"

// Which operations remain where one only rescales or moves what another writes.

namespace lutra {
namespace {

using accelerators::EngineConfig;
using accelerators::MapPlace;
using testing::ElementsAre;
using namespace network;

// Grows an operation at a time on a network of one input edge of 8 x 4 x 4 codes.
class Network {
 public:
  Network() {
    network_.name = network_.scheme = "test";
    network_.input.edge = edge(8, test::codes(8));
    network_.input.channels.assign(8, {});
  }

  // A convolution of 1 x 1 whose codes are a requantise of its stream, written too where `streams`.
  EdgeId convolution(const char* name, EdgeId input, bool streams) {
    MatrixOp op = plain(input, 8);
    if (streams) op.post.stream = edge(8, test::stream());
    op.post.scale = {{.multiplier = 3, .bias = 0, .shift = 0}};
    op.post.codes = CodeOutput{.edge = edge(8, test::codes(8, true)),
                               .requantise = Requantise{.multiplier = 5, .bias = 64, .shift = 7},
                               .low = -128,
                               .high = 127};
    return add(name, op, op.post.codes->edge);
  }

  // One whose stream is its codes.
  EdgeId branch(const char* name, EdgeId input, int channels) {
    MatrixOp op = plain(input, channels);
    op.post.scale = {{.multiplier = 1, .bias = 1000, .shift = 4}};
    op.post.codes = CodeOutput{.edge = edge(channels, test::codes(8)), .requantise = {}, .low = 3, .high = 255};
    return add(name, op, op.post.codes->edge);
  }

  // Each channel with a factor of its own, to -1, 0 and 1.
  EdgeId normalisation(const char* name, EdgeId input) {
    ElementwiseOp op;
    op.input = input;
    for (int k = 0; k < 8; ++k)
      op.post.scale.push_back({.multiplier = static_cast<std::uint16_t>(5 + 3 * k), .bias = 128 - 60 * k, .shift = 8});
    op.post.codes = CodeOutput{.edge = edge(8, test::codes(2, true)), .requantise = {}, .low = -1, .high = 1};
    return add(name, op, op.post.codes->edge);
  }

  EdgeId halving(const char* name, EdgeId input) {
    PoolOp op;
    op.input = input;
    op.window = {.height = 2, .width = 2, .stride_y = 2, .stride_x = 2};
    op.post.scale = {{.multiplier = 200, .bias = 1, .shift = 0}};
    op.post.stream = edge(8, test::stream());
    network_.edges.back().shape = {8, 2, 2};
    return add(name, op, op.post.stream);
  }

  EdgeId stack(const char* name, std::vector<EdgeId> inputs) {
    ConcatOp op;
    int channels = 0;
    for (const EdgeId input : inputs) channels += network_.edges[static_cast<std::size_t>(input)].shape.channels;
    op.requantise.assign(inputs.size(), Requantise{.multiplier = 3, .bias = 2, .shift = 2});
    op.inputs = std::move(inputs);
    op.output = edge(channels, test::codes(8));
    return add(name, op, op.output);
  }

  EdgeId slice(const char* name, EdgeId input, int first, int count) {
    ResampleOp op;
    op.input = input;
    op.start[0] = first;
    op.output = edge(count, test::codes(8));
    return add(name, op, op.output);
  }

  // Two columns of the input, a step apart.
  EdgeId columns(const char* name, EdgeId input, int step) {
    ResampleOp op;
    op.input = input;
    op.step[2] = step;
    op.output = edge(8, test::codes(8));
    network_.edges.back().shape.width = 2;
    return add(name, op, op.output);
  }

  // The names of the operations that are left, all on the engine. Every edge is the reference's.
  std::vector<std::string> compiled(const EngineConfig& engine, MapPlace maps = MapPlace::dram) {
    std::vector<std::string> names;
    for (const compiler::OpPlan& op : plans(engine, {.memory = {.activations = maps}})) {
      EXPECT_TRUE(op.on_engine) << op.name;
      names.push_back(op.name);
    }
    return names;
  }

  std::vector<compiler::OpPlan> plans(const EngineConfig& engine, const compiler::CompileOptions& options) {
    const auto family = accelerators::make_family(engine);
    const compiler::Program program = compiler::compile(network_, engine, family.get(), options);
    EXPECT_EQ(test::difference_from_reference(program, network_, test::Random(3).bytes(8 * 4 * 4), options, engine,
                                              family.get()),
              "");
    return program.ops;
  }

 private:
  EdgeId edge(int channels, const ActivationEncoding& encoding) {
    network_.edges.push_back({"edge" + std::to_string(network_.edges.size()), {channels, 4, 4}, encoding, 1.0});
    return network_.edges.size() - 1;
  }

  MatrixOp plain(EdgeId input, int channels) {
    MatrixOp op;
    op.input = input;
    op.output_channels = channels;
    op.weights.encoding = UniformWeights{4};
    const int count = channels * network_.edges[static_cast<std::size_t>(input)].shape.channels;
    for (int i = 0; i < count; ++i) op.weights.values.push_back(static_cast<std::int16_t>(i * 7 % 15 - 7));
    op.weights.scales.assign(static_cast<std::size_t>(channels), 1.0);
    return op;
  }

  template <typename Op>
  EdgeId add(const char* name, const Op& op, EdgeId written) {
    network_.operations.push_back({name, op});
    network_.output = written;
    return written;
  }

  QuantisedNetwork network_;
};

EngineConfig with_comparators(int count) {
  EngineConfig engine;
  engine.post_thresholds = count;
  return engine;
}

TEST(Joins, ANormalisationInFrontOfTernaryCodesIsThresholdsOfItsWriter) {
  Network network;
  const EdgeId wide = network.convolution("first", 0, true);
  network.convolution("second", network.normalisation("between", wide), true);
  EXPECT_THAT(network.compiled(with_comparators(2)), ElementsAre("first", "second"));
  EngineConfig searching;
  searching.post = accelerators::PostForm::thresholds;
  EXPECT_THAT(network.compiled(searching), ElementsAre("first", "second"));
  EXPECT_THAT(network.compiled(with_comparators(1)), ElementsAre("first", "between", "second"));
  EXPECT_THAT(network.compiled({}), ElementsAre("first", "between", "second"));
}

TEST(Joins, AMaximumOfTheCodesBetweenReadsTheStreamWhereThatNeedNotLeaveTheChip) {
  Network network;
  const EdgeId wide = network.convolution("first", 0, false);
  network.halving("pool", wide);
  network.convolution("second", network.normalisation("between", wide), true);
  EngineConfig engine = with_comparators(2);
  EXPECT_THAT(network.compiled(engine), ElementsAre("first", "pool", "between", "second"));
  engine.map_memory_bytes = 1 << 16;
  EXPECT_THAT(network.compiled(engine, MapPlace::automatic), ElementsAre("first", "pool", "second"));
}

TEST(Joins, CodesThatAnotherReadsStay) {
  Network network;
  const EdgeId wide = network.convolution("first", 0, true);
  const EdgeId narrow = network.normalisation("between", wide);
  network.convolution("other", wide, true);
  network.convolution("second", narrow, true);
  EXPECT_THAT(network.compiled(with_comparators(2)), ElementsAre("first", "between", "other", "second"));
}

TEST(Joins, BranchesWriteTheirPartOfAConcatenation) {
  Network network;
  const EdgeId left = network.branch("left", 0, 5), right = network.branch("right", 0, 12);
  network.branch("behind", network.stack("stack", {left, right}), 8);
  EXPECT_THAT(network.compiled({}), ElementsAre("left", "right", "behind"));
}

TEST(Joins, WhatIsReadBesideTheConcatenationIsCopiedByTheEngine) {
  Network network;
  const EdgeId left = network.branch("left", 0, 5), right = network.branch("right", 0, 12);
  const EdgeId stack = network.stack("stack", {left, right});
  network.branch("beside", left, 8);
  network.branch("behind", stack, 8);
  EXPECT_THAT(network.compiled({}), ElementsAre("left", "right", "stack", "beside", "behind"));
}

TEST(Joins, AStepIsAStrideWhereItFitsOne) {
  Network network;
  network.columns("columns", network.branch("whole", 0, 8), 3);
  EXPECT_THAT(network.compiled({}), ElementsAre("whole", "columns"));
}

TEST(Joins, AStepThatNoStrideCanTakeIsLeftToTheHart) {
  Network network;
  network.columns("columns", network.branch("whole", 0, 8), 65537);
  const auto plans = network.plans({}, {.allow_cpu_fallback = true});
  ASSERT_EQ(plans.size(), 2u);
  EXPECT_FALSE(plans.back().on_engine);
}

TEST(Joins, ASliceOfChannelsIsAView) {
  Network network;
  const EdgeId whole = network.branch("whole", 0, 12);
  network.branch("behind", network.slice("slice", network.slice("outer", whole, 2, 9), 3, 4), 8);
  EXPECT_THAT(network.compiled({}), ElementsAre("whole", "behind"));
}

}  // namespace
}  // namespace lutra
