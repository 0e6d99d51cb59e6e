#include "software/simulation/steady_state.h"

#include <gmock/gmock.h>

#include "tests/software/scenario/message.h"

namespace lutra::simulation {
namespace {

SteadyState steady_of(const std::vector<std::uint64_t>& cycles) {
  std::vector<FrameMeasurement> frames(cycles.size());
  for (std::size_t i = 0; i < cycles.size(); ++i) frames[i].cycles = cycles[i];
  return steady_state(frames);
}

TEST(SteadyState, LeavesTheFirstFrameOut) {
  const SteadyState steady = steady_of({900, 100, 110, 130});
  EXPECT_EQ(steady.frames, 3u);
  EXPECT_DOUBLE_EQ(steady.mean, 340.0 / 3);
  EXPECT_EQ(steady.least, 100u);
  EXPECT_EQ(steady.most, 130u);
  EXPECT_EQ(steady.typical, 2u);
}

TEST(SteadyState, IsTheOnlyFrameWhereThereIsNoOther) {
  const SteadyState steady = steady_of({900});
  EXPECT_EQ(steady.frames, 1u);
  EXPECT_DOUBLE_EQ(steady.mean, 900);
  EXPECT_EQ(steady.typical, 0u);
}

TEST(SteadyState, TakesTheFirstOfFramesThatAreEquallyNear) { EXPECT_EQ(steady_of({9, 12, 10, 12, 10}).typical, 1u); }

TEST(SteadyState, NeedsAFrame) {
  EXPECT_EQ(test::message_of([] { steady_of({}); }), "no frame was simulated");
}

}  // namespace
}  // namespace lutra::simulation
