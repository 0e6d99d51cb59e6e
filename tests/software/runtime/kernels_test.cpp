#include <gtest/gtest.h>

#include "software/compiler/compiler.h"
#include "software/compiler/lowering/lower.h"
#include "software/program/workspace.h"
#include "software/runtime/kernels/kernels.h"
#include "tests/software/compiler/support/image_runner.h"
#include "tests/software/compiler/support/layers.h"
#include "tests/software/compiler/support/random_network.h"

namespace lutra {
namespace {

// Runs a network on the kernels alone.
std::string difference(const network::QuantisedNetwork& network, std::uint64_t seed, bool normalise = false) {
  const compiler::CompileOptions options{.normalise_on_hart = normalise};
  const auto program = compiler::compile(network, {}, nullptr, options);
  test::Random random(seed);
  const auto pixels = random.bytes(network.edges[static_cast<std::size_t>(network.input.edge)].shape.elements());
  return test::difference_from_reference(program, network, pixels, options, {}, nullptr);
}

runtime::MatrixPlan plan_of(const network::QuantisedNetwork& network) {
  const auto lowered = compiler::lower(network, false).back();
  return runtime::plan_matrix(lowered.op, runtime::output_width(lowered.op));
}

TEST(Kernels, EqualTheReferenceOnRandomNetworks) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    ASSERT_EQ(difference(test::random_network(seed), seed, seed % 2 == 0), "");
    ASSERT_EQ(difference(test::random_network(seed, {.operations = 3, .joins = true}), seed), "");
  }
}

TEST(Kernels, MultiplyAtEveryWidth) {
  for (const int activation_bits : {2, 3, 4, 5, 6, 7, 8, 16})
    for (int weight_bits = 2; weight_bits <= 8; ++weight_bits)
      for (const bool is_signed : {false, true}) {
        if (activation_bits == 16 && !is_signed) continue;
        SCOPED_TRACE(testing::Message() << activation_bits << " by " << weight_bits << " bits, signed " << is_signed);
        const auto network = test::network_of({.input = {7, 5, 6},
                                               .encoding = test::codes(activation_bits, is_signed),
                                               .window = {.height = 3, .width = 2, .pad_top = 1, .pad_right = 1},
                                               .output_channels = 9,
                                               .weight_bits = weight_bits});
        ASSERT_EQ(difference(network, 3), "");
      }
}

TEST(Kernels, CutAWideLayerIntoStripsOfColumns) {
  const auto network = test::network_of(
      {.input = {64, 7, 400}, .encoding = test::codes(8), .window = {.height = 7, .width = 7}, .output_channels = 8});
  ASSERT_LT(plan_of(network).columns, 394u);
  EXPECT_EQ(difference(network, 1), "");
}

TEST(Kernels, CutALayerWithManyWeightsIntoBlocksOfChannels) {
  const auto network = test::network_of({.input = {300, 4, 4},
                                         .encoding = test::codes(4),
                                         .window = {.height = 3, .width = 3, .pad_top = 1, .pad_left = 1},
                                         .output_channels = 100,
                                         .weight_bits = 3,
                                         .output_bits = 5});
  ASSERT_LT(plan_of(network).channels, 100u);
  ASSERT_EQ(plan_of(network).channels % 8, 0u);  // five bits each: a block ends on a byte
  EXPECT_EQ(difference(network, 1), "");
}

TEST(Kernels, MultiplyDepthwiseAndGrouped) {
  for (const int groups : {1, 2, 3, 6, 12}) {
    SCOPED_TRACE(groups);
    const auto network =
        test::network_of({.input = {12, 6, 5},
                          .encoding = test::codes(5, true),
                          .window = {.height = 3, .width = 3, .stride_x = 2, .dilation_y = 2, .pad_top = 2},
                          .output_channels = 24,
                          .groups = groups});
    EXPECT_EQ(difference(network, 9), "");
  }
}

TEST(Kernels, RefuseAKindTheyDoNotKnow) {
  lutra_op op{};
  op.kind = LUTRA_OP_RESAMPLE + 1;
  EXPECT_FALSE(runtime::compute(op, 0, nullptr));
}

}  // namespace
}  // namespace lutra
