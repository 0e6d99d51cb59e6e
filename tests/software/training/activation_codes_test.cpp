#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>

#include "software/network/encoding/encoding.h"
#include "software/training/core/activation_quantiser.h"

// Activation quantisers: what they yield is what their codes say, and their gradients are those of the papers.

namespace lutra::training {
namespace {

using torch::Tensor;

std::vector<ActivationSpec> every_coding() {
  std::vector<ActivationSpec> all;
  for (const bool is_signed : {false, true}) {
    for (int bits = 2; bits <= 8; ++bits) all.push_back({"uniform", bits, is_signed});
    all.push_back({"ternary", 2, is_signed});
    for (int bits = 2; bits <= 4; ++bits) all.push_back({"bwa", bits, is_signed});
  }
  return all;
}

Tensor random_tensor(std::uint64_t seed, bool is_signed) {
  torch::manual_seed(seed);
  const Tensor x = torch::randn({4, 8, 6, 5});
  return is_signed ? x : torch::relu(x);
}

Tensor parameter(ActivationQuantiser& quantiser, const std::string& name) { return quantiser.named_parameters()[name]; }

void set(ActivationQuantiser& quantiser, const std::string& name, const std::vector<float>& values) {
  const torch::NoGradGuard no_gradient;
  parameter(quantiser, name).copy_(torch::tensor(values));
}

// Started on `x`; the values of a BWA code's bits are then moved off a plain integer's.
std::shared_ptr<ActivationQuantiser> started(const ActivationSpec& spec, const Tensor& x) {
  auto quantiser = make_activation_quantiser(spec);
  quantiser->forward(x);
  if (spec.coding == "bwa") {
    std::vector<float> factors;
    for (int bit = 0; bit < spec.bits; ++bit) factors.push_back(1.0F + 0.07F * static_cast<float>(bit + 1));
    set(*quantiser, "factors", factors);
  }
  return quantiser;
}

// The integer network's code of x, from the lowest, before padding is counted.
int code_of(double x, const ActivationCodes& codes) {
  const int origin = codes.encoding.pad_code;
  const double code = std::floor(x / codes.step + 0.5) + origin;
  return static_cast<int>(std::clamp<double>(code, codes.encoding.lowest(), codes.encoding.highest()));
}

double real_value(int code, const ActivationCodes& codes) {
  return (network::value_of(codes.encoding, code) - network::value_of(codes.encoding, codes.encoding.pad_code)) *
         codes.unit;
}

bool is_near_a_threshold(double x, double step) {
  const double place = x / step + 0.5;
  return std::abs(place - std::nearbyint(place)) < 1e-4;
}

class EveryCoding : public testing::TestWithParam<ActivationSpec> {};

TEST_P(EveryCoding, EvaluatesToWhatItsCodesStandFor) {
  for (const std::uint64_t seed : {31u, 32u, 33u}) {
    SCOPED_TRACE(seed);
    const Tensor x = random_tensor(seed, GetParam().is_signed);
    const auto quantiser = started(GetParam(), x);
    quantiser->eval();
    const ActivationCodes codes = quantiser->codes();
    EXPECT_EQ(codes.encoding.bits, GetParam().bits);
    EXPECT_GT(codes.step, 0);
    EXPECT_GT(codes.unit, 0);
    for (const int level : codes.encoding.levels) EXPECT_TRUE(level >= -128 && level <= 127) << level;
    const Tensor y = quantiser->forward(x).contiguous();
    for (std::int64_t i = 0; i < x.numel(); ++i) {
      const double in = x.data_ptr<float>()[i];
      if (is_near_a_threshold(in, codes.step)) continue;
      const double wanted = real_value(code_of(in, codes), codes);
      ASSERT_NEAR(y.data_ptr<float>()[i], wanted, 1e-5 * (1 + std::abs(wanted))) << in;
    }
  }
}

TEST_P(EveryCoding, PadsWithTheRealZero) {
  const Tensor x = random_tensor(34, GetParam().is_signed);
  const auto quantiser = started(GetParam(), x);
  const ActivationCodes codes = quantiser->codes();
  EXPECT_EQ(code_of(0, codes), codes.encoding.pad_code);
  EXPECT_EQ(quantiser->forward(torch::zeros({2, 3, 1, 1})).abs().max().item<float>(), 0);
}

TEST_P(EveryCoding, IsTheSameForEveryLayoutAndType) {
  torch::manual_seed(35);
  const Tensor wide = torch::randn({4, 8, 6, 10});
  const auto quantiser = started(GetParam(), GetParam().is_signed ? wide : torch::relu(wide));
  const auto run = [&](Tensor x, const Tensor& upstream) {
    quantiser->zero_grad();
    x = x.detach().requires_grad_();
    const Tensor y = quantiser->forward(x);
    EXPECT_EQ(y.scalar_type(), x.scalar_type());
    y.backward(upstream.to(x.scalar_type()));
    std::vector<Tensor> all{y.detach(), x.grad()};
    for (const Tensor& p : quantiser->parameters()) all.push_back(p.grad().clone());
    return all;
  };
  const Tensor x = wide.slice(3, 0, 10, 2);  // not dense: no kernel takes it
  const Tensor g = torch::randn(x.sizes());
  const auto plain = run(x.contiguous(), g);
  const auto last = run(x.contiguous(torch::MemoryFormat::ChannelsLast), g);
  EXPECT_TRUE(last[0].is_contiguous(torch::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(last[1].is_contiguous(torch::MemoryFormat::ChannelsLast));
  const auto by_tensors = run(x, g);
  const auto by_doubles = run(x.to(torch::kFloat64), g);
  for (const auto& other : {last, by_tensors, by_doubles})
    for (std::size_t i = 0; i < plain.size(); ++i)
      EXPECT_TRUE(torch::allclose(plain[i], other[i].to(torch::kFloat32), 1e-4, 1e-4)) << i;

  const Tensor rounded = x.to(torch::kBFloat16).contiguous();
  const Tensor rounded_g = g.to(torch::kBFloat16);
  const auto narrow = run(rounded, rounded_g);
  const auto wanted = run(rounded.to(torch::kFloat32), rounded_g.to(torch::kFloat32));
  EXPECT_TRUE(torch::allclose(narrow[0].to(torch::kFloat32), wanted[0], 1.0 / 256, 1e-6));
  EXPECT_TRUE(torch::equal(narrow[1].to(torch::kFloat32), wanted[1]));
  for (std::size_t i = 2; i < narrow.size(); ++i) {
    EXPECT_EQ(narrow[i].scalar_type(), torch::kFloat32);
    EXPECT_TRUE(torch::allclose(narrow[i], wanted[i], 1e-4, 1e-4)) << i;
  }
}

// What a diverged network yields must not look trained, nor end the program.
TEST_P(EveryCoding, KeepsWhatIsNotANumberVisible) {
  const Tensor x = random_tensor(36, GetParam().is_signed);
  const auto quantiser = started(GetParam(), x);
  for (const auto type : {torch::kFloat32, torch::kBFloat16}) {
    Tensor broken = torch::full({2, 8, 4, 4}, std::numeric_limits<float>::quiet_NaN()).to(type).requires_grad_();
    const Tensor y = quantiser->forward(broken);
    EXPECT_TRUE(y.isnan().all().item<bool>());
    y.backward(torch::ones_like(y));
  }
}

TEST_P(EveryCoding, ClampsInfinities) {
  const Tensor x = random_tensor(37, GetParam().is_signed);
  const auto quantiser = started(GetParam(), x);
  quantiser->eval();
  const ActivationCodes codes = quantiser->codes();
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const Tensor y = quantiser->forward(torch::tensor({infinity, -infinity}).reshape({2, 1, 1, 1})).flatten();
  const bool is_ternary = codes.encoding.is_ternary;
  EXPECT_NEAR(y[0].item<double>(), real_value(is_ternary ? 1 : codes.encoding.highest(), codes), 1e-4);
  EXPECT_NEAR(y[1].item<double>(), real_value(codes.encoding.lowest(), codes), 1e-4);
}

TEST_P(EveryCoding, KeepsItsStartInACheckpoint) {
  if (GetParam().coding == "ternary" && GetParam().is_signed) GTEST_SKIP() << "nothing is learned";
  const Tensor x = random_tensor(38, GetParam().is_signed);
  const auto first = started(GetParam(), x);
  std::stringstream file;
  torch::serialize::OutputArchive out;
  first->save(out);
  out.save_to(file);
  const auto second = make_activation_quantiser(GetParam());
  torch::serialize::InputArchive in;
  in.load_from(file);
  second->load(in);
  EXPECT_TRUE(torch::equal(second->forward(3 * x), first->forward(3 * x)));
}

INSTANTIATE_TEST_SUITE_P(Codings, EveryCoding, testing::ValuesIn(every_coding()), [](const auto& test) {
  return test.param.coding + std::to_string(test.param.bits) + (test.param.is_signed ? "signed" : "unsigned");
});

TEST(ActivationQuantiser, RoundsHalvesUp) {
  const auto quantiser = make_activation_quantiser({"uniform", 4, true});
  quantiser->eval();  // step 1
  const Tensor x = torch::tensor({-9.0F, -2.5F, -1.5F, -0.5F, 0.5F, 1.5F, 2.4999F, 9.0F}).reshape({1, 8, 1, 1});
  const Tensor wanted = torch::tensor({-8.0F, -2.0F, -1.0F, 0.0F, 1.0F, 2.0F, 2.0F, 7.0F});
  EXPECT_TRUE(torch::equal(quantiser->forward(x).flatten(), wanted));
}

TEST(ActivationQuantiser, TernaryHasTheThresholdsAndTheWindowOfSttn) {
  const auto quantiser = make_activation_quantiser({"ternary", 2, true});
  const Tensor x = torch::tensor({-1.5F, -1.0F, -0.51F, -0.5F, 0.0F, 0.49F, 0.5F, 1.0F, 1.01F})
                       .reshape({1, 9, 1, 1})
                       .requires_grad_();
  const Tensor y = quantiser->forward(x);
  EXPECT_TRUE(torch::equal(y.detach().flatten(), torch::tensor({-1.F, -1.F, -1.F, 0.F, 0.F, 0.F, 1.F, 1.F, 1.F})));
  y.sum().backward();
  EXPECT_TRUE(torch::equal(x.grad().flatten(), torch::tensor({0.F, 1.F, 1.F, 1.F, 1.F, 1.F, 1.F, 1.F, 0.F})));
}

TEST(ActivationQuantiser, UnsignedIncludesTheRelu) {
  for (const char* coding : {"uniform", "ternary", "bwa"}) {
    const auto quantiser = make_activation_quantiser({coding, 2, false});
    const Tensor x = torch::tensor({-3.0F, -0.1F, 0.9F, 2.0F}).reshape({1, 4, 1, 1}).requires_grad_();
    quantiser->eval();  // step 1
    const Tensor y = quantiser->forward(x);
    EXPECT_NEAR((y.detach().flatten() - torch::tensor({0.F, 0.F, 1.F, 2.F})).abs().max().item<double>(), 0, 0.02);
    y.sum().backward();
    EXPECT_TRUE(torch::equal(x.grad().flatten(), torch::tensor({0.F, 0.F, 1.F, 1.F}))) << coding;
  }
}

TEST(ActivationQuantiser, StepHasTheGradientOfLsq) {
  for (const bool is_signed : {false, true}) {
    const Tensor x = 2 * random_tensor(39, is_signed);
    const auto quantiser = make_activation_quantiser({"uniform", 3, is_signed});
    quantiser->forward(x);
    set(*quantiser, "step", {0.4F});
    torch::manual_seed(40);
    const Tensor g = torch::randn(x.sizes());
    (quantiser->forward(x) * g).sum().backward();
    const int low = is_signed ? -4 : 0;
    const int high = is_signed ? 3 : 7;
    double wanted = 0;
    for (std::int64_t i = 0; i < x.numel(); ++i) {
      const double v = x.data_ptr<float>()[i] / 0.4F;
      wanted += g.data_ptr<float>()[i] * (v < low ? low : v > high ? high : std::floor(v + 0.5) - v);
    }
    wanted /= std::sqrt(8.0 * 6 * 5 * high);
    EXPECT_NEAR(parameter(*quantiser, "step").grad().item<double>(), wanted, 1e-4 * std::abs(wanted) + 1e-5);
  }
}

TEST(ActivationQuantiser, BwaStartsExactlyUniform) {
  for (const bool is_signed : {false, true})
    for (int bits = 2; bits <= 4; ++bits) {
      const Tensor x = random_tensor(41, is_signed);
      const auto uniform = make_activation_quantiser({"uniform", bits, is_signed});
      const auto bwa = make_activation_quantiser({"bwa", bits, is_signed});
      EXPECT_TRUE(torch::allclose(uniform->forward(x), bwa->forward(x), 1e-6, 1e-6)) << bits;
    }
}

TEST(ActivationQuantiser, BwaFactorsHaveTheGradientOfFiniteDifferences) {
  for (const bool is_signed : {false, true}) {
    const Tensor x = random_tensor(42, is_signed);
    const auto quantiser = started({"bwa", 3, is_signed}, x);
    torch::manual_seed(43);
    const Tensor g = torch::randn(x.sizes());
    const auto loss = [&] { return (quantiser->forward(x).to(torch::kFloat64) * g).sum(); };
    loss().backward();
    const Tensor factors = parameter(*quantiser, "factors");
    for (int bit = 0; bit < 3; ++bit) {
      const torch::NoGradGuard no_gradient;
      constexpr double h = 0.0625;
      factors[bit] += h;
      const double above = loss().item<double>();
      factors[bit] -= 2 * h;
      const double below = loss().item<double>();
      factors[bit] += h;
      const double wanted = (above - below) / (2 * h);
      EXPECT_NEAR(factors.grad()[bit].item<double>(), wanted, 1e-4 * std::abs(wanted) + 1e-3) << bit;
    }
  }
}

TEST(ActivationQuantiser, StartsAtTheStepOfLeastError) {
  const Tensor x = random_tensor(44, false);
  for (const int bits : {2, 4, 8}) {
    const auto quantiser = make_activation_quantiser({"uniform", bits, false});
    const auto error = [&] { return (quantiser->forward(x) - x).square().mean().item<double>(); };
    const double found = error();
    const float step = parameter(*quantiser, "step").item<float>();
    for (const float factor : {0.5F, 0.8F, 1.25F, 2.0F}) {
      set(*quantiser, "step", {step * factor});
      EXPECT_LT(found, error()) << bits << " bits, times " << factor;
    }
  }
}

TEST(ActivationQuantiser, StepStaysPositive) {
  const auto quantiser = make_activation_quantiser({"uniform", 4, false});
  quantiser->forward(random_tensor(45, false));
  set(*quantiser, "step", {-0.3F});
  {
    const torch::NoGradGuard no_gradient;
    quantiser->constrain();
  }
  EXPECT_GT(quantiser->codes().step, 0);
}

TEST(ActivationQuantiser, StartsOnATensorOfZeros) {
  for (const char* coding : {"uniform", "ternary", "bwa"}) {
    const auto quantiser = make_activation_quantiser({coding, 2, false});
    const Tensor y = quantiser->forward(torch::zeros({2, 4, 3, 3}));
    EXPECT_EQ(y.abs().max().item<float>(), 0) << coding;
    EXPECT_GT(quantiser->codes().step, 0) << coding;
  }
}

TEST(ActivationQuantiser, NamesWhatItDoesNotKnow) {
  const auto message = [](const ActivationSpec& spec) -> std::string {
    try {
      make_activation_quantiser(spec);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(message({"quaternary", 2, false}).find("'quaternary'"), std::string::npos);
  EXPECT_NE(message({"uniform", 9, false}).find("2 to 8 bits, not 9"), std::string::npos);
  EXPECT_NE(message({"ternary", 3, true}).find("2 to 2 bits, not 3"), std::string::npos);
  EXPECT_NE(message({"bwa", 5, true}).find("2 to 4 bits, not 5"), std::string::npos);
}

}  // namespace
}  // namespace lutra::training
