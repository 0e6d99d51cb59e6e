#include "software/exploration/campaign/pareto.h"

#include <gmock/gmock.h>

#include <random>

namespace lutra::exploration {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Pareto, APointWorseInEveryColumnIsNotOnTheFront) {
  EXPECT_THAT(pareto_front({{1, 5}, {2, 4}, {3, 6}, {5, 1}}), ElementsAre(true, true, false, true));
}

TEST(Pareto, ATieInOneColumnIsDecidedByTheOthers) {
  EXPECT_THAT(pareto_front({{1, 2}, {1, 1}, {2, 1}}), ElementsAre(false, true, false));
}

TEST(Pareto, EqualPointsStandTogether) {
  EXPECT_THAT(pareto_front({{1, 2}, {1, 2}, {2, 2}}), ElementsAre(true, true, false));
}

TEST(Pareto, TheFrontOfOneColumnIsItsLeastValue) {
  EXPECT_THAT(pareto_front({{3}, {-1}, {2}}), ElementsAre(false, true, false));
}

TEST(Pareto, IsEmptyWithoutPoints) { EXPECT_THAT(pareto_front({}), IsEmpty()); }

TEST(Pareto, AgreesWithComparingEveryPair) {
  constexpr unsigned seed = 9;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    const std::size_t columns = 1 + random() % 4;
    std::vector<std::vector<double>> points(random() % 40);
    for (auto& point : points)
      for (std::size_t i = 0; i < columns; ++i) point.push_back(static_cast<double>(random() % 6));
    std::vector<bool> expected;
    for (const auto& point : points) {
      bool beaten = false;
      for (const auto& other : points) {
        bool nowhere_larger = true;
        for (std::size_t i = 0; i < columns; ++i) nowhere_larger = nowhere_larger && other[i] <= point[i];
        beaten = beaten || (nowhere_larger && other != point);
      }
      expected.push_back(!beaten);
    }
    EXPECT_EQ(pareto_front(points), expected);
  }
}

}  // namespace
}  // namespace lutra::exploration
