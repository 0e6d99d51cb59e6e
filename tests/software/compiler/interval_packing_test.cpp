#include "software/compiler/interval_packing.h"

#include <gtest/gtest.h>

#include "tests/software/compiler/support/random_network.h"

namespace lutra::compiler {
namespace {

std::vector<Interval> random_intervals(test::Random& random, int most) {
  std::vector<Interval> intervals(static_cast<std::size_t>(random.within(0, most)));
  for (Interval& each : intervals) {
    each.first = random.within(0, 20);
    each.last = each.first + random.within(0, 6);
    each.bytes = 16 * static_cast<std::uint64_t>(random.within(1, 40));
  }
  return intervals;
}

TEST(IntervalPacking, GivesWhatLivesTogetherPlacesOfItsOwn) {
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    const std::vector<Interval> intervals = random_intervals(random, 30);
    const Packing packing = pack(intervals);
    ASSERT_EQ(packing.offsets.size(), intervals.size());
    std::uint64_t end = 0;
    for (std::size_t a = 0; a < intervals.size(); ++a) {
      EXPECT_EQ(packing.offsets[a] % 16, 0u);
      end = std::max(end, packing.offsets[a] + intervals[a].bytes);
      for (std::size_t b = a + 1; b < intervals.size(); ++b)
        EXPECT_TRUE(!intervals[a].meets(intervals[b]) ||
                    packing.offsets[a] + intervals[a].bytes <= packing.offsets[b] ||
                    packing.offsets[b] + intervals[b].bytes <= packing.offsets[a]);
    }
    EXPECT_EQ(packing.bytes, end);
    EXPECT_GE(packing.bytes, living_bytes(intervals));
    EXPECT_LE(packing.bytes, living_bytes(intervals) * 3 / 2);
  }
}

TEST(IntervalPacking, NeedsNoMoreThanWhatLivesAtOnceInAChainOfResiduals) {
  // A stream that lives over two codes, again and again.
  std::vector<Interval> intervals;
  for (int block = 0; block < 9; ++block) {
    intervals.push_back({2 * block, 2 * block + 2, 3200});
    intervals.push_back({2 * block, 2 * block + 1, 1600});
    intervals.push_back({2 * block + 1, 2 * block + 2, 1600});
  }
  EXPECT_EQ(living_bytes(intervals), 3200u * 2 + 1600 * 2);
  EXPECT_EQ(pack(intervals).bytes, living_bytes(intervals));
}

TEST(IntervalPacking, ChoosesWhatFitsAndSavesNearlyTheMost) {
  std::uint64_t chosen_sum = 0, best_sum = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    std::vector<Candidate> candidates;
    for (const Interval& interval : random_intervals(random, 9))
      candidates.push_back({interval, static_cast<std::uint64_t>(random.within(1, 5000))});
    const auto capacity = static_cast<std::uint64_t>(random.within(0, 1500));
    const auto outcome = [&](const auto& has) {
      std::vector<Interval> intervals;
      std::uint64_t saved = 0;
      for (std::size_t i = 0; i < candidates.size(); ++i)
        if (has(i)) {
          intervals.push_back(candidates[i].interval);
          saved += candidates[i].saved;
        }
      return std::pair(pack(intervals).bytes, saved);
    };
    std::uint64_t best = 0;
    for (std::size_t subset = 0; subset < std::size_t{1} << candidates.size(); ++subset) {
      const auto [bytes, saved] = outcome([&](std::size_t i) { return (subset >> i & 1) != 0; });
      if (bytes <= capacity) best = std::max(best, saved);
    }
    const std::vector<bool> chosen = choose_packable(candidates, capacity);
    const auto [bytes, saved] = outcome([&](std::size_t i) { return chosen[i]; });
    EXPECT_LE(bytes, capacity);
    EXPECT_GE(saved * 2, best);
    chosen_sum += saved;
    best_sum += best;
  }
  EXPECT_GE(static_cast<double>(chosen_sum), 0.95 * static_cast<double>(best_sum));
}

}  // namespace
}  // namespace lutra::compiler
