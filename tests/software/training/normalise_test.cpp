#include "software/training/core/normalise.h"

#include <gtest/gtest.h>

namespace lutra::training {
namespace {

using torch::Tensor;

struct Outcome {
  Tensor y, of_x, of_skip, of_scale, of_bias, of_slope, mean, variance;
};

struct Case {
  int channels;
  bool has_skip;
  double slope;  // 0: ReLU; 1: none; else learned
};

class FusedStep : public testing::TestWithParam<Case> {
 protected:
  // With channels innermost the kernels compute it, else torch's own operators.
  Outcome run(torch::MemoryFormat format, torch::ScalarType type) {
    const auto [channels, has_skip, slope] = GetParam();
    torch::manual_seed(static_cast<std::uint64_t>(channels));
    const auto leaf = [&](const Tensor& t) { return t.to(type).contiguous(format).detach().requires_grad_(true); };
    Tensor x = leaf(torch::randn({4, channels, 6, 5}));
    Tensor skip = leaf(torch::randn({4, channels, 6, 5}));
    Tensor scale = (torch::rand({channels}) + 0.5).requires_grad_(true);
    Tensor bias = (torch::randn({channels}) * 0.1).requires_grad_(true);
    Tensor slopes = torch::full({channels}, slope).requires_grad_(slope > 0 && slope < 1);
    const Tensor upstream = torch::randn({4, channels, 6, 5}).to(type);
    RunningStatistics statistics{torch::zeros({channels}), torch::ones({channels})};
    const Tensor y = normalise_leak(x, scale, bias, has_skip ? skip : Tensor(), slopes, statistics, true);
    (y.to(torch::kFloat32) * upstream.to(torch::kFloat32)).sum().backward();
    return {y, x.grad(), skip.grad(), scale.grad(), bias.grad(), slopes.grad(), statistics.mean, statistics.variance};
  }
};

void expect_near(const Tensor& a, const Tensor& b, double tolerance, const char* what) {
  ASSERT_EQ(a.defined(), b.defined()) << what;
  if (!a.defined()) return;
  const double peak = b.abs().max().item<double>();
  EXPECT_LE((a.to(torch::kFloat32) - b.to(torch::kFloat32)).abs().max().item<double>(), tolerance * (1 + peak)) << what;
}

TEST_P(FusedStep, ComputesWhatItsPartsCompute) {
  const Outcome fused = run(torch::MemoryFormat::ChannelsLast, torch::kFloat32);
  const Outcome parts = run(torch::MemoryFormat::Contiguous, torch::kFloat32);
  constexpr double tolerance = 1e-5;
  expect_near(fused.y, parts.y, tolerance, "y");
  expect_near(fused.of_x, parts.of_x, tolerance, "x");
  expect_near(fused.of_skip, parts.of_skip, tolerance, "skip");
  expect_near(fused.of_scale, parts.of_scale, tolerance, "scale");
  expect_near(fused.of_bias, parts.of_bias, tolerance, "bias");
  expect_near(fused.of_slope, parts.of_slope, tolerance, "slope");
  expect_near(fused.mean, parts.mean, tolerance, "running mean");
  expect_near(fused.variance, parts.variance, tolerance, "running variance");
}

TEST_P(FusedStep, IsAsGoodAsItsTypeInBfloat16) {
  const Outcome narrow = run(torch::MemoryFormat::ChannelsLast, torch::kBFloat16);
  const Outcome wide = run(torch::MemoryFormat::ChannelsLast, torch::kFloat32);
  expect_near(narrow.y, wide.y, 0.02, "y");
  expect_near(narrow.of_bias, wide.of_bias, 0.05, "bias");
}

TEST_P(FusedStep, EvaluatesWithTheRunningStatistics) {
  const auto [channels, has_skip, slope] = GetParam();
  torch::manual_seed(3);
  const Tensor x = torch::randn({2, channels, 4, 4});
  const Tensor skip = torch::randn({2, channels, 4, 4});
  const Tensor scale = torch::rand({channels}) + 0.5;
  const Tensor bias = torch::randn({channels});
  const Tensor slopes = torch::full({channels}, slope);
  RunningStatistics statistics{torch::randn({channels}), torch::rand({channels}) + 0.5};
  const auto evaluate = [&](torch::MemoryFormat format) {
    const torch::NoGradGuard no_gradient;
    return normalise_leak(x.contiguous(format), scale, bias, has_skip ? skip.contiguous(format) : Tensor(), slopes,
                          statistics, false);
  };
  expect_near(evaluate(torch::MemoryFormat::ChannelsLast), evaluate(torch::MemoryFormat::Contiguous), 1e-5, "y");
}

// Strips of 64 values hold several pixels, one, or a part of one; or channels do not divide them.
INSTANTIATE_TEST_SUITE_P(Forms, FusedStep,
                         testing::Values(Case{3, false, 0}, Case{8, true, 0}, Case{16, true, 0.25}, Case{64, false, 1},
                                         Case{64, true, 0.25}, Case{128, true, 0}, Case{100, true, 0.25}),
                         [](const auto& test) {
                           return std::to_string(test.param.channels) + (test.param.has_skip ? "_skip" : "") +
                                  "_slope" + std::to_string(static_cast<int>(100 * test.param.slope));
                         });

}  // namespace
}  // namespace lutra::training
