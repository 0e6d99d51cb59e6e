#include "software/training/seeds/statistics.h"

#include <gtest/gtest.h>

#include "software/common/error.h"

namespace lutra::training {
namespace {

TEST(SeedStatistics, MeanDeviationAndIntervalAreThoseOfATextbook) {
  // t(0.975, 4) = 2.776445 in any table; the deviation of 1..5 is sqrt(2.5).
  const Spread spread = spread_of({1, 2, 3, 4, 5});
  EXPECT_EQ(spread.count, 5U);
  EXPECT_DOUBLE_EQ(spread.mean, 3);
  EXPECT_NEAR(*spread.deviation, 1.58113883, 1e-8);
  EXPECT_NEAR(*spread.half_width, 2.776445 * 1.58113883 / 2.23606798, 1e-6);
}

TEST(SeedStatistics, OneNumberHasNoDeviationAndNoneIsRefused) {
  EXPECT_FALSE(spread_of({7}).deviation);
  EXPECT_FALSE(spread_of({7}).half_width);
  EXPECT_THROW(spread_of({}), Error);
}

// Student's sleep data (1908), which every statistics package tests with: mean of the pairs' differences 1.58, t
// = 4.0621, p = 0.002833.
TEST(SeedStatistics, ThePairedTestIsStudents) {
  const std::vector<double> first{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
  const std::vector<double> second{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
  const PairedDifference paired = paired_difference(second, first);
  EXPECT_NEAR(paired.spread.mean, 1.58, 1e-12);
  EXPECT_NEAR(*paired.p, 0.002833, 1e-6);
  EXPECT_NEAR(paired.spread.mean - *paired.spread.half_width, 0.7001142, 1e-6);
  EXPECT_NEAR(*paired_difference(first, second).p, *paired.p, 1e-12);
}

TEST(SeedStatistics, PairsThatAreAllEqualHaveNoP) {
  EXPECT_FALSE(paired_difference({1, 2, 3}, {0, 1, 2}).p);
  EXPECT_FALSE(paired_difference({1}, {0}).p);
  EXPECT_THROW(paired_difference({1, 2}, {0}), Error);
}

TEST(SeedStatistics, PairsNeededAreTheLeastThatReach) {
  // Deviation = difference: (1.96 + 0.84)^2 = 7.8 with normal quantiles, 10 with Student's.
  EXPECT_EQ(pairs_needed(1, 1), 10U);
  EXPECT_EQ(pairs_needed(1e-6, 1), 2U);
  EXPECT_FALSE(pairs_needed(1000, 1));
  std::size_t before = 2;
  for (double deviation = 0.1; deviation < 3; deviation += 0.1) {
    const auto needed = pairs_needed(deviation, 0.5);
    ASSERT_TRUE(needed);
    EXPECT_GE(*needed, before);
    before = *needed;
  }
}

}  // namespace
}  // namespace lutra::training
