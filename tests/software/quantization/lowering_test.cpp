#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/error.h"
#include "software/quantization/scheme.h"
#include "software/reference/executor.h"
#include "tests/software/quantization/layers.h"

namespace lutra::quantization {
namespace {

using network::TensorId;
using test::Layers;
using test::noise;
using test::relative_error;
using test::relu;
using test::same;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

Options options_of(int weight_bits, int activation_bits) {
  Options options;
  options.weight_bits = weight_bits;
  options.activation_bits = activation_bits;
  options.calibration_images = 16;
  return options;
}

network::QuantisedNetwork quantise_uniform(const network::Graph& graph, const Options& options) {
  const network::Dataset data = noise(graph.tensors[0].shape, options.calibration_images);
  return find_scheme("uniform").quantise(graph, test::signed_pixels, data, options);
}

double error_at(const network::Graph& graph, int weight_bits, int activation_bits, bool wide_skip = false) {
  Options options = options_of(weight_bits, activation_bits);
  options.wide_skip = wide_skip;
  return relative_error(graph, quantise_uniform(graph, options));
}

// Rounding to 8 bits is about -50 dB of a full-scale signal per step; a wrong term anywhere is far above -30 dB.
constexpr double faithful = 1e-3;

TEST(Lowering, ComputesAChainOfConvolutions) {
  Layers build({3, 9, 9}, 1);
  TensorId t = build.add(relu, {build.add(build.convolution(3, 8, same(3)), {0})});
  t = build.add(network::Clip{0.0F, 0.75F}, {build.add(build.convolution(8, 8, same(3, 2)), {t})});
  build.add(build.linear(8 * 25, 6), {build.add(network::Flatten{}, {t})});
  EXPECT_LT(error_at(build.graph(), 8, 8), faithful);
}

TEST(Lowering, FewerBitsCostAccuracyStepByStep) {
  Layers build({3, 9, 9}, 2);
  TensorId t = build.add(relu, {build.add(build.convolution(3, 8, same(3)), {0})});
  t = build.add(relu, {build.add(build.convolution(8, 8, same(3)), {t})});
  build.add(build.linear(8 * 81, 6), {t});
  const double eight = error_at(build.graph(), 8, 8);
  const double four = error_at(build.graph(), 4, 4);
  const double two = error_at(build.graph(), 2, 2);
  EXPECT_LT(eight, faithful);
  EXPECT_LT(10 * eight, four);
  EXPECT_LT(four, 0.1);
  EXPECT_LT(2 * four, two);
  EXPECT_LT(two, 1.0);
  EXPECT_LT(error_at(build.graph(), 4, 8), four);
  EXPECT_LT(error_at(build.graph(), 8, 4), four);
}

TEST(Lowering, ComputesWindowsOfEveryKind) {
  Layers build({4, 11, 10}, 3);
  const TensorId asymmetric = build.add(build.convolution(4, 8, {3, 2, 2, 1, 1, 1, 0, 1, 1, 0}), {0});
  const TensorId dilated =
      build.add(relu, {build.add(build.convolution(8, 6, {2, 3, 1, 1, 2, 2, 1, 2, 1, 2}), {asymmetric})});
  const TensorId grouped = build.add(build.convolution(6, 4, same(3), 2), {dilated});
  build.add(build.convolution(4, 4, same(3), 4), {grouped});
  EXPECT_LT(error_at(build.graph(), 8, 8), faithful);
}

class Residual : public ::testing::TestWithParam<bool> {};

TEST_P(Residual, ComputesIdentityOptionAAndProjection) {
  Layers build({4, 8, 8}, 4);
  TensorId t = build.add(relu, {build.add(build.convolution(4, 8, same(3)), {0})});
  TensorId branch = build.add(relu, {build.add(build.convolution(8, 8, same(3)), {t})});
  t = build.add(relu, {build.add(network::Add{}, {build.add(build.convolution(8, 8, same(3)), {branch}), t})});
  branch = build.add(build.convolution(8, 16, same(3, 2)), {t});
  TensorId shortcut = build.add(network::Slice{{0, 0, 0}, {8, 8, 8}, {1, 2, 2}}, {t});
  shortcut = build.add(network::Pad{{4, 0, 0}, {4, 0, 0}}, {shortcut});
  t = build.add(relu, {build.add(network::Add{}, {shortcut, branch})});
  branch = build.add(network::PRelu{{0.25F}}, {build.add(build.convolution(16, 12, same(3, 2)), {t})});
  shortcut = build.add(build.convolution(16, 12, same(1, 2)), {t});
  t = build.add(network::Clip{0.0F, 6.0F}, {build.add(network::Add{}, {branch, shortcut})});
  t = build.add(network::Add{}, {t, t});
  build.add(network::AveragePool{{2, 2, 1, 1, 1, 1, 0, 0, 0, 0}, false}, {t});
  EXPECT_LT(error_at(build.graph(), 8, 8, GetParam()), faithful);
}

INSTANTIATE_TEST_SUITE_P(NarrowAndWideSkip, Residual, ::testing::Bool(),
                         [](const auto& test) { return test.param ? "wide" : "narrow"; });

TEST(Lowering, AWideSkipHelpsNarrowCodes) {
  Layers build({4, 8, 8}, 5);
  TensorId t = build.add(relu, {build.add(build.convolution(4, 8, same(3)), {0})});
  for (int i = 0; i < 4; ++i) {
    const TensorId branch = build.add(relu, {build.add(build.convolution(8, 8, same(3)), {t})});
    t = build.add(relu, {build.add(network::Add{}, {build.add(build.convolution(8, 8, same(3)), {branch}), t})});
  }
  EXPECT_LT(1.2 * error_at(build.graph(), 8, 3, true), error_at(build.graph(), 8, 3, false));
}

TEST(Lowering, ComputesAdditionsThatYieldCodesAndStreams) {
  Layers build({4, 6, 6}, 20);
  TensorId t = 0;
  for (int i = 0; i < 6; ++i) {
    const TensorId sum = build.add(relu, {build.add(network::Add{}, {t, t})});
    const TensorId branch = build.add(build.convolution(4, 4, same(3)), {sum});
    t = build.add(network::Add{}, {branch, sum});
  }
  EXPECT_LT(error_at(build.graph(), 8, 8, true), faithful);
}

TEST(Lowering, ComputesActivationsBetweenLayersThatShareThem) {
  Layers build({4, 6, 6}, 6);
  const TensorId shared = build.add(build.convolution(4, 6, same(3)), {0});
  const TensorId positive = build.add(relu, {shared});
  const TensorId sloped = build.add(network::PRelu{{0.1F, 0.2F, 0.0F, 0.5F, 1.5F, 1.0F}}, {shared});
  const TensorId clipped = build.add(network::Clip{-0.5F, 0.25F}, {shared});
  const TensorId above = build.add(network::Clip{0.125F, 1.0F}, {shared});
  const TensorId sum = build.add(network::Add{}, {positive, sloped});
  build.add(network::Concat{}, {sum, clipped, above, 0});
  EXPECT_LT(error_at(build.graph(), 8, 8), faithful);
}

TEST(Lowering, ComputesPools) {
  Layers build({4, 9, 9}, 7);
  const TensorId t = build.add(relu, {build.add(build.convolution(4, 6, same(3)), {0})});
  const TensorId largest = build.add(network::MaxPool{{3, 3, 2, 2, 1, 1, 1, 1, 1, 1}}, {t});
  const TensorId average = build.add(network::AveragePool{{3, 3, 2, 2, 1, 1, 1, 1, 1, 1}, true}, {t});
  const TensorId negative = build.add(network::MaxPool{{2, 2, 1, 1, 1, 1, 0, 0, 1, 1}},
                                      {build.add(build.convolution(6, 6, same(1)), {largest})});
  const TensorId joined = build.add(network::Concat{}, {largest, average, negative});
  build.add(network::AveragePool{{5, 5, 1, 1, 1, 1, 0, 0, 0, 0}, false}, {joined});
  EXPECT_LT(error_at(build.graph(), 8, 8), faithful);
}

TEST(Lowering, ComputesSlicesAndPadsThatMoveCodes) {
  Layers build({4, 8, 8}, 8);
  const TensorId t = build.add(relu, {build.add(build.convolution(4, 6, same(3)), {0})});
  const TensorId sliced = build.add(network::Slice{{1, 1, 0}, {5, 8, 7}, {2, 3, 1}}, {t});
  build.add(network::Pad{{1, 2, 0}, {0, 1, 3}}, {sliced});
  EXPECT_LT(error_at(build.graph(), 8, 8), faithful);
}

TEST(Lowering, BatchNormalizationBeforeTheActivationIsALayer) {
  Layers build({4, 6, 6}, 9);
  TensorId t = build.add(build.convolution(4, 8, same(3)), {0});
  const TensorId shortcut = t;
  t = build.add(relu, {build.add(build.normalization(8), {t})});
  t = build.add(build.normalization(8), {build.add(build.convolution(8, 8, same(3)), {t})});
  build.add(network::Add{}, {build.add(build.convolution(8, 8, same(3)), {build.add(relu, {t})}), shortcut});
  const network::QuantisedNetwork quantised = quantise_uniform(build.graph(), options_of(8, 8));
  EXPECT_LT(relative_error(build.graph(), quantised), faithful);
  EXPECT_EQ(quantised.operations.size(), 4U);
}

TEST(Lowering, EveryRangeMethodIsFaithful) {
  Layers build({3, 8, 8}, 10);
  const TensorId t = build.add(relu, {build.add(build.convolution(3, 8, same(3)), {0})});
  build.add(build.convolution(8, 8, same(3)), {t});
  for (const auto method : {RangeMethod::minimum_maximum, RangeMethod::percentile, RangeMethod::mean_squared_error}) {
    Options options = options_of(8, 8);
    options.range = method;
    EXPECT_LT(relative_error(build.graph(), quantise_uniform(build.graph(), options)), faithful);
  }
}

TEST(Lowering, MakesReluCodesUnsignedAndOthersSigned) {
  Layers build({3, 8, 8}, 11);
  const TensorId t = build.add(relu, {build.add(build.convolution(3, 8, same(3)), {0})});
  build.add(build.linear(512, 4), {build.add(build.convolution(8, 8, same(3)), {t})});
  const auto quantised = quantise_uniform(build.graph(), options_of(4, 5));
  EXPECT_EQ(quantised.edges[0].encoding, (network::ActivationEncoding{8, true, {}, 0}));
  EXPECT_EQ(quantised.edges[1].encoding, (network::ActivationEncoding{5, false, {}, 0}));
  EXPECT_EQ(quantised.edges[2].encoding, (network::ActivationEncoding{8, true, {}, 0}));  // read by the last layer
  EXPECT_EQ(quantised.edges[3].encoding, (network::ActivationEncoding{16, true, {}, 0}));
  EXPECT_EQ(network::weight_bits(quantised), 8 * 3 * 8 * 9 + 4 * 8 * 8 * 9 + 8 * 4 * 512);
}

TEST(Lowering, APoolOfMaximaKeepsTheCodes) {
  Layers build({3, 8, 8}, 12);
  build.add(build.linear(48, 4), {build.add(network::MaxPool{{2, 2, 2, 2, 1, 1, 0, 0, 0, 0}}, {0})});
  const auto quantised = quantise_uniform(build.graph(), options_of(8, 4));
  EXPECT_EQ(quantised.edges[1].encoding, quantised.edges[0].encoding);
  EXPECT_EQ(quantised.edges[1].scale, quantised.edges[0].scale);
  Options options = options_of(8, 4);
  options.layers["node0"] = {8, 6};
  EXPECT_EQ(quantise_uniform(build.graph(), options).edges[1].encoding.bits, 6);
}

TEST(Lowering, TwoRunsAreEqual) {
  Layers build({3, 8, 8}, 13);
  const TensorId t = build.add(relu, {build.add(build.convolution(3, 8, same(3)), {0})});
  build.add(build.linear(512, 4), {t});
  EXPECT_TRUE(quantise_uniform(build.graph(), options_of(4, 4)) == quantise_uniform(build.graph(), options_of(4, 4)));
}

TEST(Lowering, AcceptsAConstantTensor) {
  Layers build({3, 4, 4}, 14);
  network::Convolution dead = build.convolution(3, 4, same(3));
  dead.weights.assign(dead.weights.size(), 0.0F);
  dead.bias = {0.0F, 0.0F, 0.0F, 0.0F};
  const TensorId zeros = build.add(relu, {build.add(dead, {0})});
  build.add(network::Add{}, {build.add(build.convolution(4, 3, same(3)), {zeros}), 0});
  EXPECT_LT(error_at(build.graph(), 8, 8), faithful);
}

void expect_refused(const network::Graph& graph, const Options& options, const std::string& message) {
  EXPECT_THAT([&] { quantise_uniform(graph, options); }, ThrowsMessage<Error>(HasSubstr(message)));
}

TEST(Lowering, AnAverageThatDoesNotCountItsPaddingIsFaithful) {
  Layers build({3, 8, 8}, 15);
  const TensorId t = build.add(relu, {build.add(build.convolution(3, 8, same(3)), {0})});
  build.add(network::AveragePool{{3, 3, 1, 1, 1, 1, 1, 1, 1, 1}, false}, {t});
  EXPECT_LT(relative_error(build.graph(), quantise_uniform(build.graph(), options_of(8, 8))), faithful);
}

TEST(Lowering, RefusesByNameWhatHasNoIntegerForm) {
  Layers slope({3, 8, 8}, 16);
  slope.add(network::PRelu{{-0.5F}}, {0});
  expect_refused(slope.graph(), options_of(8, 8), "PRelu node 'node0': PReLU slope -0.5");
  Layers overflow({140000, 1, 1}, 17);
  overflow.add(network::Linear{1, std::vector<float>(140000, 1.0F), {}}, {0});
  expect_refused(overflow.graph(), options_of(8, 8),
                 "operation 'node0': the accumulator of output channel 0 may reach");
  Layers moved({3, 8, 8}, 18);
  moved.add(network::Pad{{0, 1, 1}, {0, 1, 1}}, {0});
  Options options = options_of(8, 8);
  options.layers["node0"] = {8, 4};
  expect_refused(moved.graph(), options, "Pad node 'node0': moves codes of 8 bits");
}

TEST(Lowering, RefusesCalibrationThatDoesNotFit) {
  Layers build({3, 4, 4}, 19);
  build.add(relu, {0});
  const auto quantise_with = [&](const network::Dataset& data, int images) {
    Options options;
    options.calibration_images = images;
    return
        [&build, data, options] { find_scheme("uniform").quantise(build.graph(), test::signed_pixels, data, options); };
  };
  EXPECT_THAT(quantise_with(noise({3, 4, 4}, 2), 3),
              ThrowsMessage<Error>(HasSubstr("needs 3 images, data set 'noise' has 2")));
  EXPECT_THAT(quantise_with(noise({3, 4, 4}, 2), 0), ThrowsMessage<Error>(HasSubstr("0 images is not possible")));
  EXPECT_THAT(quantise_with(noise({3, 4, 5}, 2), 2), ThrowsMessage<Error>(HasSubstr("images of 3x4x5")));
}

TEST(Schemes, AreFoundByName) {
  EXPECT_EQ(find_scheme("uniform").name(), "uniform");
  for (const Scheme* scheme : schemes()) EXPECT_FALSE(scheme->summary().empty());
  EXPECT_THAT([] { find_scheme("unifrom"); }, ThrowsMessage<Error>(HasSubstr("the schemes are: uniform")));
}

}  // namespace
}  // namespace lutra::quantization
