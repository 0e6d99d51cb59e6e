#include "software/network/given/steps.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace lutra::network::given {
namespace {

Steps rounded(double factor, double offset, const ClampRange& clamp, std::int64_t low, std::int64_t high) {
  return steps_of(
      [&](std::int64_t x) {
        const double value = std::floor(static_cast<double>(x) * factor + offset + 0.5);
        return static_cast<std::int64_t>(
            std::clamp(value, static_cast<double>(clamp.low), static_cast<double>(clamp.high)));
      },
      low, high);
}

TEST(Steps, HoldTheFunction) {
  const Steps steps = steps_of([](std::int64_t x) { return x < 3 ? 5 : x < 4 ? 7 : 8; }, -10, 10);
  EXPECT_EQ(steps.first, 5);
  EXPECT_EQ(steps.at, (std::vector<std::int64_t>{3, 3, 4}));
  EXPECT_EQ(steps.last(), 8);
}

TEST(Steps, CountWhereTwoFunctionsDiffer) {
  const Steps a = steps_of([](std::int64_t x) { return x < 3 ? 0 : 1; }, -10, 10);
  const Steps b = steps_of([](std::int64_t x) { return x < 5 ? 0 : 1; }, -10, 10);
  EXPECT_EQ(count_differences(a, a), 0);
  EXPECT_EQ(count_differences(a, b), 2);
  EXPECT_EQ(count_differences(a, steps_of([](std::int64_t) { return 3; }, -10, 10)), 21);
}

// Real factors of layers with sums of up to 18 bits between their outer codes.
TEST(Steps, ARealFactorHasExactIntegers) {
  constexpr unsigned seed = 5;
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  int exact = 0;
  constexpr int trials = 200;
  for (int i = 0; i < trials; ++i) {
    const ClampRange clamp{-128, 127};
    const auto reach = static_cast<std::int64_t>(std::exp2(8 + 12 * uniform(random)));
    const Steps steps = rounded((0.8 + uniform(random)) * 128 / static_cast<double>(reach), uniform(random) * 20 - 10,
                                clamp, -reach, reach);
    const auto fitted = fit_exactly(steps, clamp);
    if (!fitted) continue;
    ++exact;
    EXPECT_LT(fitted->multiplier, 1u << most_multiplier_bits);
    EXPECT_EQ(steps_of(*fitted, clamp, steps.low, steps.high), steps) << "seed " << seed << ", trial " << i;
  }
  EXPECT_GE(exact, trials * 99 / 100) << "seed " << seed;
}

TEST(Steps, ConstantsAndSingleStepsHaveExactIntegers) {
  const ClampRange clamp{-8, 7};
  for (const std::int64_t at : {-100, 0, 5, 100}) {
    const Steps one = steps_of([&](std::int64_t x) { return x < at ? -3 : -2; }, -1000, 1000);
    const auto fitted = fit_exactly(one, clamp);
    ASSERT_TRUE(fitted);
    EXPECT_EQ(steps_of(*fitted, clamp, -1000, 1000), one);
  }
  const Steps constant = steps_of([](std::int64_t) { return 4; }, -1000, 1000);
  const auto fitted = fit_exactly(constant, clamp);
  ASSERT_TRUE(fitted);
  EXPECT_EQ(steps_of(*fitted, clamp, -1000, 1000), constant);
}

// Halves to even at every other step are no straight line.
TEST(Steps, HalvesToEvenHaveNone) {
  const ClampRange clamp{-8, 7};
  const Steps steps = steps_of(
      [](std::int64_t x) {
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::nearbyint(static_cast<double>(x) / 16)), -8, 7);
      },
      -500, 500);
  EXPECT_FALSE(fit_exactly(steps, clamp));
  const Steps nearest = steps_of(fit_nearest(steps, clamp), clamp, -500, 500);
  EXPECT_LE(count_differences(steps, nearest), 8);
  EXPECT_GT(count_differences(steps, nearest), 0);
}

}  // namespace
}  // namespace lutra::network::given
