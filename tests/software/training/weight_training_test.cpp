#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "software/network/encoding/encoding.h"
#include "software/training/core/weight_quantiser.h"

// Weight quantisers after steps of training, and from weights that are hard to start from.

namespace lutra::training {
namespace {

using torch::Tensor;

std::vector<WeightSpec> every_family() {
  std::vector<WeightSpec> all{{"uniform", 2, {}}, {"uniform", 4, {}}, {"uniform", 8, {}},      {"apot", 3, {}},
                              {"apot", 4, {}},    {"apot", 5, {}},    {"power_of_two", 2, {}}, {"power_of_two", 4, {}},
                              {"twn", 2, {}},     {"bwn", 1, {}},     {"codebook", 2, {}},     {"codebook", 6, {}}};
  for (const char* start : {"independent", "split"}) all.push_back({"sttn", 2, {{"start", start}}});
  for (const char* form : {"unit", "compact"}) all.push_back({"stqn", 3, {{"form", form}}});
  for (const char* form : {"equal", "different", "free", "asymmetric"})
    for (const char* difference : {"1", "6"})
      all.push_back({"aptq", 2, {{"form", form}, {"largest_difference", difference}}});
  for (const int bits : {2, 3, 7})
    for (const char* zero : {"true", "false"})
      for (const char* latents : {"separate", "residual"})
        all.push_back({"apq", bits, {{"latents", latents}, {"zero", zero}}});
  for (const int bits : {2, 6})
    for (const char* letters : {"bits", "signs"}) all.push_back({"bwa", bits, {{"letters", letters}}});
  return all;
}

constexpr int filters = 6;
constexpr int per_filter = 36;

Tensor drawn_weights(std::uint64_t seed) {
  torch::manual_seed(seed);
  return torch::randn({filters, 4, 3, 3}) * 0.1;
}

void expect_evaluation_equals_codes(WeightQuantiser& quantiser) {
  quantiser.eval();
  const network::Weights codes = quantiser.codes();
  ASSERT_NO_THROW(network::check_encoding(codes.encoding, filters));
  const Tensor values = quantiser.values().detach().contiguous();
  for (int i = 0; i < filters * per_filter; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const int filter = i / per_filter;
    const std::vector<int> known = network::weight_values(codes.encoding, filter);
    ASSERT_TRUE(std::binary_search(known.begin(), known.end(), codes.values[at])) << codes.values[at];
    const double scale = codes.scales[static_cast<std::size_t>(filter)];
    ASSERT_TRUE(std::isfinite(scale) && scale >= 0) << scale;
    ASSERT_EQ(values.data_ptr<float>()[i], static_cast<float>(codes.values[at] * scale));
  }
  quantiser.train();
}

// Of every filter 1 - its cosine with the wanted one: like batch normalisation, it does not see a filter's scale.
Tensor distance(const Tensor& values, const Tensor& wanted) {
  const Tensor v = values.flatten(1);
  const Tensor w = wanted.flatten(1);
  return (1 - (v * w).sum(1) / (v.norm(2, 1) * w.norm(2, 1))).sum();
}

void train(WeightQuantiser& quantiser, const Tensor& wanted, int steps) {
  torch::optim::Adam adam(quantiser.parameters(), torch::optim::AdamOptions(0.0003));
  for (int step = 0; step < steps; ++step) {
    adam.zero_grad();
    distance(quantiser.values(), wanted).backward();
    adam.step();
    const torch::NoGradGuard no_gradient;
    quantiser.constrain();
  }
}

class EveryFamily : public testing::TestWithParam<WeightSpec> {};

TEST_P(EveryFamily, EvaluatesToItsCodesAfterTraining) {
  for (const std::uint64_t seed : {51u, 52u}) {
    SCOPED_TRACE(seed);
    const auto quantiser = make_weight_quantiser(GetParam(), drawn_weights(seed), seed);
    train(*quantiser, drawn_weights(seed + 10), 40);
    expect_evaluation_equals_codes(*quantiser);
  }
}

TEST_P(EveryFamily, LearnsOtherWeights) {
  const auto has = [](const char* name, const char* value) {
    const auto found = GetParam().parameters.find(name);
    return found != GetParam().parameters.end() && found->second == value;
  };
  if (has("latents", "separate") || has("form", "different"))
    GTEST_SKIP() << "of planes that count differently one that turns can overshoot";
  const Tensor initial = drawn_weights(53);
  const Tensor wanted = initial + 0.5 * drawn_weights(54);
  const auto quantiser = make_weight_quantiser(GetParam(), initial, 153);
  const double before = distance(quantiser->values().detach(), wanted).item<double>();
  train(*quantiser, wanted, 150);
  EXPECT_LT(distance(quantiser->values().detach(), wanted).item<double>(), before);
}

TEST_P(EveryFamily, StartsFromDeadAndConstantFilters) {
  Tensor initial = drawn_weights(55);
  initial[0].zero_();
  initial[1].fill_(0.25);
  initial[2].fill_(-0.25);
  initial[3] = 0;
  initial[3][0][0][0] = 0.5;  // a single weight
  const auto quantiser = make_weight_quantiser(GetParam(), initial, 55);
  const Tensor values = quantiser->values();
  EXPECT_TRUE(values.isfinite().all().item<bool>());
  values.sum().backward();
  for (const auto& parameter : quantiser->named_parameters()) {
    EXPECT_TRUE(parameter.value().isfinite().all().item<bool>()) << parameter.key();
    EXPECT_TRUE(parameter.value().grad().isfinite().all().item<bool>()) << parameter.key();
  }
  expect_evaluation_equals_codes(*quantiser);
}

TEST_P(EveryFamily, KeepsItsValuesInACheckpoint) {
  const auto first = make_weight_quantiser(GetParam(), drawn_weights(56), 56);
  train(*first, drawn_weights(57), 10);
  std::stringstream file;
  torch::serialize::OutputArchive out;
  first->save(out);
  out.save_to(file);
  const auto second = make_weight_quantiser(GetParam(), drawn_weights(58), 58);
  torch::serialize::InputArchive in;
  in.load_from(file);
  second->load(in);
  EXPECT_EQ(second->codes(), first->codes());
  EXPECT_TRUE(torch::equal(second->values(), first->values()));
}

// The first constraint must not move what training starts from.
TEST_P(EveryFamily, IsNotMovedByItsConstraintAtTheStart) {
  for (const double size : {0.01, 1.0}) {
    const auto quantiser = make_weight_quantiser(GetParam(), drawn_weights(59) * size, 59);
    const network::Weights before = quantiser->codes();
    {
      const torch::NoGradGuard no_gradient;
      quantiser->constrain();
    }
    EXPECT_EQ(quantiser->codes(), before) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Schemes, EveryFamily, testing::ValuesIn(every_family()), [](const auto& test) {
  std::string name = test.param.scheme + std::to_string(test.param.bits);
  for (const auto& [key, value] : test.param.parameters) name += "_" + value;
  return name;
});

// With the signs held, a latent moves the values through the scale alone, and all latents of a filter share it: the
// second part of the gradient is its derivative.
TEST(WeightTraining, SttnScaleHasTheGradientOfFiniteDifferences) {
  const auto quantiser = make_weight_quantiser({"sttn", 2, {{"start", "split"}}}, drawn_weights(60), 60);
  const Tensor latents = quantiser->named_parameters()["latents"];
  torch::manual_seed(61);
  const Tensor g = torch::randn({filters, 4, 3, 3});
  const auto loss = [&] { return (quantiser->values().to(torch::kFloat64) * g).sum(); };
  loss().backward();
  for (int filter = 0; filter < filters; ++filter) {
    double shared = 0;  // over the planes, of sign * (gradient - straight-through part)
    for (int plane = 0; plane < 2; ++plane) {
      const double sign = latents[plane][filter][0].item<double>() >= 0 ? 1 : -1;
      shared += sign * (latents.grad()[plane][filter][0] - g.flatten(1)[filter][0]).item<double>();
    }
    const torch::NoGradGuard no_gradient;
    const double before = loss().item<double>();
    constexpr double h = 0.25;
    const Tensor kept = latents.index({torch::indexing::Slice(), filter}).clone();
    const double scale = kept.abs().mean().item<double>();
    latents.index({torch::indexing::Slice(), filter}).mul_(1 + h);
    const double of_scale = (loss().item<double>() - before) / (h * scale);
    latents.index({torch::indexing::Slice(), filter}).copy_(kept);
    EXPECT_NEAR(shared, of_scale / per_filter, 1e-3) << filter;
  }
}

// From 1/4 to the level below, -1/4, both planes turn.
TEST(WeightTraining, ResidualPlanesReachTheLevelBesideABoundary) {
  const Tensor initial = torch::tensor({3.0F, -3.0F, 1.0F, -1.0F, 1.0F, -1.0F, 3.0F, -3.0F}).reshape({1, 8, 1, 1}) / 4;
  const auto quantiser = make_weight_quantiser({"apq", 2, {{"latents", "residual"}, {"zero", "false"}}}, initial, 63);
  EXPECT_TRUE(torch::equal(quantiser->values().detach(), initial));
  const torch::NoGradGuard no_gradient;
  Tensor weight = quantiser->named_parameters()["weights"].flatten()[2];
  weight -= 0.3;
  EXPECT_EQ(quantiser->values().flatten()[2].item<float>(), -0.25F);
}

TEST(WeightTraining, AptqKeepsItsExponentsWithinTheLargestDifference) {
  for (const int difference : {1, 3}) {
    const auto quantiser =
        make_weight_quantiser({"aptq", 2, {{"form", "different"}, {"largest_difference", std::to_string(difference)}}},
                              drawn_weights(62), 62);
    const Tensor latents = quantiser->named_parameters()["latents"];
    {
      const torch::NoGradGuard no_gradient;
      latents[0].mul_(1.0 / 64);
      latents[1].div_(latents[1].abs().max());
    }
    const network::Weights codes = quantiser->codes();
    const auto& planes = std::get<network::PlaneWeights>(codes.encoding);
    for (int filter = 0; filter < filters; ++filter) {
      EXPECT_EQ(planes.coefficients[static_cast<std::size_t>(2 * filter)], 1);
      EXPECT_EQ(planes.coefficients[static_cast<std::size_t>(2 * filter + 1)], 1 << difference);
    }
  }
}

}  // namespace
}  // namespace lutra::training
