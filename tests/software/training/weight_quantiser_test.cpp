#include "software/training/core/weight_quantiser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "software/network/encoding/encoding.h"

namespace lutra::training {

static void PrintTo(const WeightSpec& spec, std::ostream* out) {
  *out << spec.scheme << " of " << spec.bits;
  for (const auto& [name, value] : spec.parameters) *out << ", " << name << ": " << value;
}

namespace {

using torch::Tensor;

std::vector<WeightSpec> every_form() {
  std::vector<WeightSpec> all;
  for (int bits = 2; bits <= 8; ++bits) all.push_back({"uniform", bits, {}});
  for (int bits = 3; bits <= 5; ++bits) all.push_back({"apot", bits, {}});
  for (int bits = 2; bits <= 4; ++bits) all.push_back({"power_of_two", bits, {}});
  all.push_back({"twn", 2, {}});
  all.push_back({"bwn", 1, {}});
  for (const char* start : {"independent", "split"}) all.push_back({"sttn", 2, {{"start", start}}});
  for (int bits = 2; bits <= 4; ++bits)
    for (const char* form : {"unit", "compact"}) all.push_back({"stqn", bits, {{"form", form}}});
  for (const char* form : {"equal", "different", "free", "asymmetric"}) all.push_back({"aptq", 2, {{"form", form}}});
  for (int bits = 2; bits <= 7; ++bits)
    for (const char* zero : {"true", "false"}) all.push_back({"apq", bits, {{"zero", zero}}});
  for (int bits = 2; bits <= 6; ++bits)
    for (const char* letters : {"bits", "signs"}) all.push_back({"bwa", bits, {{"letters", letters}}});
  for (int bits = 2; bits <= 6; ++bits) all.push_back({"codebook", bits, {}});
  return all;
}

Tensor random_weights(std::uint64_t seed) {
  torch::manual_seed(seed);
  return torch::randn({6, 4, 3, 3}) * 0.1;
}

Tensor product(const network::Weights& codes, const Tensor& like) {
  std::vector<double> values;
  const std::size_t per_filter = codes.values.size() / codes.scales.size();
  for (std::size_t i = 0; i < codes.values.size(); ++i)
    values.push_back(codes.values[i] * codes.scales[i / per_filter]);
  return torch::tensor(values, torch::kFloat64).reshape(like.sizes());
}

class EveryForm : public testing::TestWithParam<WeightSpec> {};

TEST_P(EveryForm, EvaluatesToItsCodesTimesTheirScales) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    SCOPED_TRACE(seed);
    const Tensor initial = random_weights(seed);
    const auto quantiser = make_weight_quantiser(GetParam(), initial, seed);
    quantiser->eval();
    const network::Weights codes = quantiser->codes();
    ASSERT_NO_THROW(network::check_encoding(codes.encoding, 6));
    const std::size_t per_filter = codes.values.size() / 6;
    for (int filter = 0; filter < 6; ++filter) {
      const std::vector<int> known = network::weight_values(codes.encoding, filter);
      for (std::size_t i = 0; i < per_filter; ++i)
        ASSERT_TRUE(std::binary_search(known.begin(), known.end(),
                                       codes.values[static_cast<std::size_t>(filter) * per_filter + i]));
      EXPECT_GE(codes.scales[static_cast<std::size_t>(filter)], 0);
    }
    EXPECT_TRUE(torch::equal(quantiser->values(), product(codes, initial).to(torch::kFloat32)));
  }
}

// Rounding of learned coefficients and entries to eight bits apart (which may move a weight at a boundary), training
// sees the values that are evaluated.
TEST_P(EveryForm, TrainsWithTheValuesItEvaluatesTo) {
  const Tensor initial = random_weights(4);
  const auto quantiser = make_weight_quantiser(GetParam(), initial, 4);
  const Tensor trained = quantiser->values().detach();
  quantiser->eval();
  const Tensor evaluated = quantiser->values();
  EXPECT_LT((trained - evaluated).abs().mean().item<double>(), 0.02 * evaluated.abs().mean().item<double>());
}

// Of a trained network's weights little is lost at the start; STTN's published start is random and ignores them.
TEST_P(EveryForm, StartsNearTheFloatWeights) {
  if (GetParam().scheme == "sttn" && GetParam().parameters.at("start") == "independent")
    GTEST_SKIP() << "starts at random";
  const Tensor initial = random_weights(5);
  const auto quantiser = make_weight_quantiser(GetParam(), initial, 5);
  const Tensor values = quantiser->values().detach().flatten(1);
  const Tensor wanted = initial.flatten(1);
  const Tensor cosine = (values * wanted).sum(1) / (values.norm(2, 1) * wanted.norm(2, 1));
  EXPECT_GT(cosine.min().item<double>(), GetParam().bits == 1 ? 0.7 : 0.82);
}

TEST_P(EveryForm, HasGradientsForEveryParameter) {
  const Tensor initial = random_weights(6);
  const auto quantiser = make_weight_quantiser(GetParam(), initial, 6);
  torch::manual_seed(7);
  (quantiser->values() * torch::randn(initial.sizes())).sum().backward();
  for (const auto& parameter : quantiser->named_parameters()) {
    ASSERT_TRUE(parameter.value().grad().defined()) << parameter.key();
    EXPECT_GT(parameter.value().grad().abs().max().item<double>(), 0) << parameter.key();
  }
}

INSTANTIATE_TEST_SUITE_P(Schemes, EveryForm, testing::ValuesIn(every_form()), [](const auto& test) {
  std::string name = test.param.scheme + std::to_string(test.param.bits);
  for (const auto& [key, value] : test.param.parameters) name += "_" + value;
  return name;
});

TEST(WeightQuantiser, UniformStepHasTheGradientOfLsq) {
  const Tensor initial = random_weights(8);
  const auto quantiser = make_weight_quantiser({"uniform", 3, {}}, initial, 8);
  const Tensor step = quantiser->named_parameters()["step"];
  torch::manual_seed(9);
  const Tensor g = torch::randn(initial.sizes());
  (quantiser->values() * g).sum().backward();
  const double factor = 1 / std::sqrt(36.0 * 3);
  for (int filter = 0; filter < 6; ++filter) {
    double wanted = 0;
    for (int i = 0; i < 36; ++i) {
      const double v = initial.flatten(1)[filter][i].item<double>() / step[filter].item<double>();
      const double upstream = g.flatten(1)[filter][i].item<double>();
      wanted += upstream * (v <= -4 ? -4 : v >= 3 ? 3 : std::floor(v + 0.5) - v);
    }
    EXPECT_NEAR(step.grad()[filter].item<double>(), factor * wanted, 1e-4);
  }
}

TEST(WeightQuantiser, UniformPassesTheGradientWhereItDoesNotClip) {
  const Tensor initial = random_weights(10);
  const auto quantiser = make_weight_quantiser({"uniform", 2, {}}, initial, 10);
  quantiser->values().sum().backward();
  const Tensor scaled = initial.flatten(1) / quantiser->named_parameters()["step"].detach().unsqueeze(1);
  const Tensor inside = (scaled >= -2).logical_and(scaled <= 1).to(torch::kFloat32);
  EXPECT_TRUE(torch::allclose(quantiser->named_parameters()["weights"].grad().flatten(1), inside, 1e-5, 1e-6));
}

TEST(WeightQuantiser, BwaStartsExactlyUniform) {
  const Tensor initial = random_weights(11);
  const auto quantiser = make_weight_quantiser({"bwa", 3, {}}, initial, 11);
  const Tensor step = quantiser->named_parameters()["step"].detach().unsqueeze(1);
  const Tensor wanted = torch::floor(torch::clamp(initial.flatten(1) / step, -4, 3) + 0.5) * step;
  EXPECT_TRUE(torch::allclose(quantiser->values().detach().flatten(1), wanted, 1e-5, 1e-7));
}

TEST(WeightQuantiser, BwaFactorsHaveTheGradientOfFiniteDifferences) {
  for (const char* letters : {"bits", "signs"}) {
    const Tensor initial = random_weights(12);
    const auto quantiser = make_weight_quantiser({"bwa", 3, {{"letters", letters}}}, initial, 12);
    torch::manual_seed(13);
    const Tensor g = torch::randn(initial.sizes());
    const auto loss = [&] { return (quantiser->values() * g).sum(); };
    loss().backward();
    Tensor alpha = quantiser->named_parameters()["alpha"];
    for (int filter = 0; filter < 6; ++filter)
      for (int bit = 0; bit < 3; ++bit) {
        const torch::NoGradGuard no_gradient;
        constexpr double h = 1e-2;
        alpha[filter][bit] += h;
        const double above = loss().item<double>();
        alpha[filter][bit] -= 2 * h;
        const double below = loss().item<double>();
        alpha[filter][bit] += h;
        EXPECT_NEAR(alpha.grad()[filter][bit].item<double>(), (above - below) / (2 * h), 1e-3) << letters;
      }
  }
}

TEST(WeightQuantiser, TwnHasThePublishedThresholdAndScale) {
  const Tensor initial = random_weights(14);
  const auto quantiser = make_weight_quantiser({"twn", 2, {}}, initial, 14);
  quantiser->eval();
  const network::Weights codes = quantiser->codes();
  for (int filter = 0; filter < 6; ++filter) {
    const Tensor weights = initial.flatten(1)[filter];
    const double threshold = 0.7 * weights.abs().mean().item<double>();
    double sum = 0;
    int count = 0;
    for (int i = 0; i < 36; ++i) {
      const double w = weights[i].item<double>();
      if (std::abs(w) > threshold) sum += std::abs(w), ++count;
      EXPECT_EQ(codes.values[static_cast<std::size_t>(filter) * 36 + i], w > threshold ? 1 : w < -threshold ? -1 : 0);
    }
    EXPECT_NEAR(codes.scales[static_cast<std::size_t>(filter)], sum / count, 1e-6);
  }
}

// g_k + sign(W_k) * (1 / n) * sum_j sign(W_kj) g_kj, as in the published code of STTN.
TEST(WeightQuantiser, SttnHasTheGradientOfThePublishedCode) {
  const auto quantiser = make_weight_quantiser({"sttn", 2, {}}, random_weights(15), 15);
  const Tensor latents = quantiser->named_parameters()["latents"];
  torch::manual_seed(16);
  const Tensor g = torch::randn({6, 4, 3, 3});
  (quantiser->values() * g).sum().backward();
  for (int plane = 0; plane < 2; ++plane)
    for (int filter = 0; filter < 6; ++filter) {
      const auto sign = [&](int i) { return latents[plane][filter][i].item<double>() >= 0 ? 1.0 : -1.0; };
      double mean = 0;
      for (int i = 0; i < 36; ++i) mean += sign(i) * g.flatten(1)[filter][i].item<double>() / 36;
      for (int i = 0; i < 36; ++i)
        EXPECT_NEAR(latents.grad()[plane][filter][i].item<double>(),
                    g.flatten(1)[filter][i].item<double>() + sign(i) * mean, 1e-5);
    }
}

// A linear task, trained with STTN's kernels and Adam; yields the share of zeros before and after.
std::pair<double, double> zeros_in_training(bool identical_starts) {
  torch::manual_seed(17);
  const auto quantiser = make_weight_quantiser({"sttn", 2, {}}, torch::zeros({16, 32, 1, 1}), 17);
  Tensor latents = quantiser->named_parameters()["latents"];
  if (identical_starts) {
    const torch::NoGradGuard no_gradient;
    latents[1].copy_(latents[0]);
  }
  const auto zeros = [&] {
    const network::Weights codes = quantiser->codes();
    return static_cast<double>(std::count(codes.values.begin(), codes.values.end(), 0)) /
           static_cast<double>(codes.values.size());
  };
  const double before = zeros();
  const Tensor answer = torch::randn({16, 32});
  torch::optim::Adam adam(quantiser->parameters(), torch::optim::AdamOptions(0.005));
  for (int step = 0; step < 300; ++step) {
    const Tensor x = torch::randn({64, 32});
    adam.zero_grad();
    torch::mse_loss(torch::matmul(x, quantiser->values().flatten(1).t()), torch::matmul(x, answer.t())).backward();
    adam.step();
    const torch::NoGradGuard no_gradient;
    quantiser->constrain();
  }
  return {before, zeros()};
}

TEST(WeightQuantiser, SttnCollapsesToBinaryFromIdenticalStarts) {
  const auto [before, after] = zeros_in_training(true);
  EXPECT_EQ(before, 0);
  EXPECT_EQ(after, 0);
}

TEST(WeightQuantiser, SttnKeepsZerosFromIndependentStarts) {
  const auto [before, after] = zeros_in_training(false);
  EXPECT_NEAR(before, 0.50, 0.05);
  EXPECT_LT(after, before);
  EXPECT_GT(after, 0.2);
}

TEST(WeightQuantiser, AptqScaleIsThePowerOfTwoNearestTheMeanMagnitude) {
  const auto quantiser = make_weight_quantiser({"aptq", 2, {}}, random_weights(18), 18);
  const Tensor latents = quantiser->named_parameters()["latents"].detach();
  const network::Weights codes = quantiser->codes();
  for (int filter = 0; filter < 6; ++filter) {
    const double mean = latents.abs().mean(2).mean(0)[filter].item<double>();
    EXPECT_EQ(codes.scales[static_cast<std::size_t>(filter)], std::exp2(std::nearbyint(std::log2(mean))));
  }
}

TEST(WeightQuantiser, AptqFormsHaveTheirLevels) {
  const auto distinct = [](const char* form) {
    const auto quantiser = make_weight_quantiser({"aptq", 2, {{"form", form}}}, random_weights(19), 19);
    const network::Weights codes = quantiser->codes();
    return std::set<int>(codes.values.begin(), codes.values.begin() + 36);
  };
  EXPECT_EQ(distinct("equal"), (std::set<int>{-2, 0, 2}));
  EXPECT_EQ(distinct("different").size(), 4u);
  EXPECT_EQ(distinct("different").count(0), 0u);
  EXPECT_EQ(distinct("asymmetric").size(), 3u);
  EXPECT_EQ(distinct("asymmetric").count(0), 1u);
}

TEST(WeightQuantiser, NamesWhatItDoesNotKnow) {
  const auto message = [](const WeightSpec& spec) -> std::string {
    try {
      make_weight_quantiser(spec, random_weights(20), 20);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(message({"quaternary", 2, {}}).find("'quaternary'"), std::string::npos);
  EXPECT_NE(message({"uniform", 9, {}}).find("2 to 8 bits, not 9"), std::string::npos);
  EXPECT_NE(message({"aptq", 2, {{"form", "odd"}}}).find("unknown value 'odd'; the values are equal, different"),
            std::string::npos);
  EXPECT_NE(message({"twn", 2, {{"form", "odd"}}}).find("no parameter 'form'"), std::string::npos);
}

}  // namespace
}  // namespace lutra::training
