#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

#include "software/common/error.h"
#include "software/quantization/lowering/power_of_two.h"
#include "software/quantization/scheme.h"
#include "software/reference/executor.h"
#include "tests/software/quantization/layers.h"

// What a network becomes under each activation coding and form of rescaling.

namespace lutra::quantization {
namespace {

using network::EdgeId;
using network::QuantisedNetwork;
using network::TensorId;
using test::Layers;
using test::relu;
using test::same;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr int noise_images = 16;

QuantisedNetwork quantise(const network::Graph& graph, Options options) {
  options.calibration_images = noise_images;
  const network::Dataset data = test::noise(graph.tensors[0].shape, noise_images);
  return find_scheme(options.scheme).quantise(graph, test::signed_pixels, data, options);
}

Options options_of(ActivationCoding coding, int bits, bool wide_skip = false) {
  Options options;
  options.activations = coding;
  options.activation_bits = bits;
  options.wide_skip = wide_skip;
  return options;
}

// Convolutions, a residual block, a pool, a concatenation, a Relu6 and a signed tensor: every kind of reader.
network::Graph everything(unsigned seed) {
  Layers build({3, 8, 8}, seed);
  TensorId t = build.add(relu, {build.add(build.convolution(3, 8, same(3)), {0})});
  TensorId branch = build.add(relu, {build.add(build.convolution(8, 8, same(3)), {t})});
  t = build.add(relu, {build.add(network::Add{}, {build.add(build.convolution(8, 8, same(3)), {branch}), t})});
  const TensorId pooled = build.add(network::MaxPool{{2, 2, 2, 2, 1, 1, 0, 0, 0, 0}}, {t});
  const TensorId strided = build.add(build.convolution(8, 8, same(3, 2)), {t});
  t = build.add(network::Concat{}, {pooled, strided});
  t = build.add(network::Clip{0.0F, 1.5F}, {build.add(build.convolution(16, 12, same(3)), {t})});
  branch = build.add(network::PRelu{{0.25F}}, {build.add(build.convolution(12, 12, same(3)), {t})});
  t = build.add(network::Add{}, {branch, t});
  t = build.add(relu, {build.add(build.convolution(12, 16, same(1)), {t})});
  t = build.add(network::AveragePool{{4, 4, 1, 1, 1, 1, 0, 0, 0, 0}, false}, {t});
  build.add(build.linear(16, 6), {build.add(network::Flatten{}, {t})});
  return build.graph();
}

const network::ActivationEncoding& encoding_of(const QuantisedNetwork& network, EdgeId edge) {
  return network.edges[static_cast<std::size_t>(edge)].encoding;
}

bool is_coded(const network::ActivationEncoding& encoding) {
  return encoding.is_ternary || !encoding.levels.empty() || encoding.pad_code != 0;
}

TEST(Codings, OnlyMatrixOperationsReadThem) {
  const network::Graph graph = everything(1);
  for (const bool wide_skip : {false, true})
    for (const auto coding : {ActivationCoding::ternary, ActivationCoding::bwa}) {
      const QuantisedNetwork network = quantise(graph, options_of(coding, 2, wide_skip));
      int coded = 0;
      for (const network::Operation& operation : network.operations) {
        const auto* matrix = std::get_if<network::MatrixOp>(&operation.body);
        for (const EdgeId edge : network::input_edges(operation)) {
          const bool multiplied = matrix != nullptr && edge == matrix->input;
          coded += is_coded(encoding_of(network, edge));
          EXPECT_TRUE(multiplied || !is_coded(encoding_of(network, edge))) << operation.name;
        }
      }
      EXPECT_GE(coded, 6);
    }
}

// The same network with the codes 0, 1, 2 in the place of -1, 0, 1 where these stand for no negative value.
QuantisedNetwork without_negative_zero(QuantisedNetwork network) {
  std::vector<bool> moved(network.edges.size());
  for (std::size_t id = 0; id < moved.size(); ++id) {
    network::ActivationEncoding& encoding = network.edges[id].encoding;
    moved[id] = encoding.is_ternary && encoding.pad_code == -1;
    if (moved[id]) encoding = {.bits = 2, .is_signed = false, .levels = {}, .pad_code = 0, .is_ternary = false};
  }
  const auto up = [](network::Requantise& r) { r.bias += std::int64_t{1} << r.shift; };
  for (network::Operation& operation : network.operations) {
    network::PostProcess* post = nullptr;
    if (auto* matrix = std::get_if<network::MatrixOp>(&operation.body)) {
      post = &matrix->post;
      if (moved[static_cast<std::size_t>(matrix->input)]) {
        const auto outputs = static_cast<std::size_t>(matrix->output_channels);
        const std::size_t per_output = matrix->weights.values.size() / outputs;
        if (post->scale.size() == 1) post->scale.resize(outputs, post->scale.front());
        for (std::size_t i = 0; i < matrix->weights.values.size(); ++i) {
          network::Requantise& r = post->scale[i / per_output];
          r.bias -= std::int64_t{matrix->weights.values[i]} * r.multiplier;
        }
      }
    } else if (auto* pool = std::get_if<network::PoolOp>(&operation.body)) {
      post = &pool->post;
    } else if (auto* elementwise = std::get_if<network::ElementwiseOp>(&operation.body)) {
      post = &elementwise->post;
    } else if (auto* concat = std::get_if<network::ConcatOp>(&operation.body)) {
      if (moved[static_cast<std::size_t>(concat->output)])
        for (network::Requantise& r : concat->requantise) up(r);
    }
    if (post == nullptr || !post->codes || !moved[static_cast<std::size_t>(post->codes->edge)]) continue;
    ++post->codes->low;
    ++post->codes->high;
    if (post->codes->requantise)
      up(*post->codes->requantise);
    else
      for (network::Requantise& r : post->scale) up(r);
  }
  return network;
}

TEST(Codings, TheOffsetOfATernaryEdgeIsInItsReadersBiasesExactly) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    const network::Graph graph = everything(seed);
    const QuantisedNetwork network = quantise(graph, options_of(ActivationCoding::ternary, 2, seed % 2 == 0));
    const QuantisedNetwork moved = without_negative_zero(network);
    EXPECT_FALSE(moved == network);
    const reference::IntegerExecutor executor(network);
    const reference::IntegerExecutor moved_executor(moved);
    const network::Dataset data = test::noise(graph.tensors[0].shape, 8);
    for (std::size_t image = 0; image < 8; ++image)
      EXPECT_EQ(executor.run(data.image(image)), moved_executor.run(data.image(image)));
  }
}

TEST(Codings, ComeNearTheFloatNetworkAsTheirLevelsAllow) {
  const network::Graph graph = everything(2);
  const auto error = [&](ActivationCoding coding, int bits) {
    return test::relative_error(graph, quantise(graph, options_of(coding, bits, true)));
  };
  const double ternary = error(ActivationCoding::ternary, 2);
  EXPECT_LT(ternary, 0.5);
  EXPECT_LT(error(ActivationCoding::bwa, 3), 0.5 * ternary);
  EXPECT_LT(error(ActivationCoding::bwa, 4), error(ActivationCoding::bwa, 3));
  EXPECT_LT(error(ActivationCoding::bwa, 4), 0.05);
}

TEST(Codings, RefuseWidthsTheyDoNotHave) {
  const network::Graph graph = everything(1);
  EXPECT_THAT([&] { quantise(graph, options_of(ActivationCoding::ternary, 4)); },
              ThrowsMessage<Error>(HasSubstr("activation_bits is 4; activations: ternary has 2 bits")));
  EXPECT_THAT([&] { quantise(graph, options_of(ActivationCoding::bwa, 8)); },
              ThrowsMessage<Error>(HasSubstr("bwa has 2 to 4 bits")));
}

std::vector<network::Requantise> requantises_of(const QuantisedNetwork& network) {
  std::vector<network::Requantise> all;
  const auto add = [&](const network::PostProcess& post) {
    all.insert(all.end(), post.scale.begin(), post.scale.end());
    all.insert(all.end(), post.prelu.begin(), post.prelu.end());
    if (post.skip) all.push_back(post.skip->requantise);
    if (post.codes && post.codes->requantise) all.push_back(*post.codes->requantise);
  };
  for (const network::Operation& operation : network.operations) {
    if (const auto* matrix = std::get_if<network::MatrixOp>(&operation.body)) add(matrix->post);
    if (const auto* pool = std::get_if<network::PoolOp>(&operation.body)) add(pool->post);
    if (const auto* elementwise = std::get_if<network::ElementwiseOp>(&operation.body)) add(elementwise->post);
    if (const auto* concat = std::get_if<network::ConcatOp>(&operation.body))
      all.insert(all.end(), concat->requantise.begin(), concat->requantise.end());
  }
  return all;
}

TEST(Shifts, AreEveryMultiplierOfTheNetwork) {
  for (unsigned seed = 1; seed <= 3; ++seed)
    for (const auto coding : {ActivationCoding::uniform, ActivationCoding::ternary, ActivationCoding::bwa})
      for (const bool wide_skip : {false, true}) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        Options options = options_of(coding, 2, wide_skip);
        options.weight_bits = 4;
        options.requantise = RequantiseForm::shift;
        const auto all = requantises_of(quantise(everything(seed), options));
        EXPECT_GT(all.size(), 30u);
        for (const network::Requantise& r : all)
          EXPECT_TRUE(r.multiplier == 0 || std::has_single_bit(r.multiplier)) << r.multiplier;
      }
}

TEST(Shifts, CostLittleAtEightBits) {
  const network::Graph graph = everything(3);
  Options options = options_of(ActivationCoding::uniform, 8, true);
  options.requantise = RequantiseForm::shift;
  EXPECT_LT(test::relative_error(graph, quantise(graph, options)), 4e-3);
}

TEST(Shifts, RefuseAnAdditionBehindAnAverageOfThree) {
  Layers build({4, 3, 1}, 9);
  const TensorId t = build.add(relu, {build.add(build.convolution(4, 4, same(1)), {0})});
  const TensorId average = build.add(network::AveragePool{{3, 1, 1, 1, 1, 1, 0, 0, 0, 0}, false}, {t});
  const TensorId maximum = build.add(network::MaxPool{{3, 1, 1, 1, 1, 1, 0, 0, 0, 0}}, {t});
  build.add(network::Add{}, {average, maximum});
  Options options = options_of(ActivationCoding::uniform, 8);
  options.requantise = RequantiseForm::shift;
  EXPECT_THAT([&] { quantise(build.graph(), options); }, ThrowsMessage<Error>(HasSubstr("is not a shift")));
}

TEST(Shifts, HaveAMultiplierOfOneWhereTheyGoRight) {
  EXPECT_EQ(make_shift(0.25), (network::Requantise{1, 2, 2}));
  EXPECT_EQ(make_shift(1.0, 3.0), (network::Requantise{1, 3, 0}));
  EXPECT_EQ(make_shift(8.0), (network::Requantise{8, 0, 0}));
  EXPECT_EQ(make_shift(0.5, -1.5), (network::Requantise{1, -2, 1}));
  EXPECT_THROW(make_shift(0.3), Error);
  EXPECT_THROW(make_shift(0x1p-48), Error);
  EXPECT_THROW(make_shift(-1.0), Error);
  EXPECT_EQ(nearest_power_of_two(0.7), 0.5);
  EXPECT_EQ(nearest_power_of_two(0.72), 1.0);
  EXPECT_EQ(nearest_power_of_two(0), 0);
  EXPECT_EQ(power_of_two_above(0.5, 1.0), 0.5);
  EXPECT_EQ(power_of_two_above(0.51, 1.0), 1.0);
  EXPECT_EQ(power_of_two_above(7.0, 3.0), 12.0);
}

}  // namespace
}  // namespace lutra::quantization
