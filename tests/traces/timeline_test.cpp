#include "traces/timeline.h"

#include <gmock/gmock.h>

#include <random>

#include "tests/traces/trace_reader.h"

namespace lutra::traces {
namespace {

using models::Condition;
using models::ObservedBurst;
using test::Trace;
using test::TraceFolder;

class TimelineTest : public testing::Test {
 protected:
  Trace finish(std::uint64_t end_ps) {
    timeline_.end(end_ps);
    timeline_.commit();
    return Trace::read(folder_ / "t.json");
  }
  static ObservedBurst burst(std::uint64_t asked, std::uint64_t taken, std::uint64_t done, std::uint32_t bytes) {
    return {
        .initiator = "dma", .target = "memory", .bytes = bytes, .asked_ps = asked, .taken_ps = taken, .done_ps = done};
  }

  TraceFolder folder_;
  Timeline timeline_{folder_ / "t.json"};
};

TEST_F(TimelineTest, CutsWhatRunsAtBothEndsOfTheWindow) {
  timeline_.enter("engine.load", Condition::busy, "before", 10, {});
  timeline_.enter("engine.load", Condition::waiting, "across", 50, {});
  timeline_.begin(100);
  timeline_.enter("engine.load", Condition::busy, "inside", 120, {});
  timeline_.enter("engine.load", Condition::waiting, "too long", 150, {});
  const Trace trace = finish(200);
  ASSERT_EQ(trace.spans.size(), 3u);
  EXPECT_EQ(trace.spans[0].name, "across");
  EXPECT_EQ(trace.spans[0].begin_ps, 100u);
  EXPECT_EQ(trace.spans[0].end_ps, 120u);
  EXPECT_EQ(trace.spans[1].duration_ps(), 30u);
  EXPECT_EQ(trace.spans[2].category, "waiting");
  EXPECT_EQ(trace.spans[2].end_ps, 200u);
}

TEST_F(TimelineTest, DrawsNothingThatTakesNoTimeAndNothingThatIsOff) {
  timeline_.begin(0);
  timeline_.enter("unit", Condition::busy, "works", 5, {});
  timeline_.enter("unit", Condition::waiting, "for a moment", 9, {});
  timeline_.enter("unit", Condition::off, "", 9, {});
  const Trace trace = finish(20);
  ASSERT_EQ(trace.spans.size(), 1u);
  EXPECT_EQ(trace.spans[0].row, "unit/unit");
  EXPECT_EQ(trace.spans[0].end_ps, 9u);
}

TEST_F(TimelineTest, GoesOnWithWhatDoesNotChangeButNotWithTheNextCommand) {
  timeline_.begin(0);
  timeline_.enter("unit", Condition::waiting, "waits", 0, {});
  timeline_.enter("unit", Condition::waiting, "waits", 4, {});
  const models::Detail first[] = {{"bytes", 8}}, second[] = {{"bytes", 16}};
  timeline_.enter("unit", Condition::busy, "loads", 10, first);
  timeline_.enter("unit", Condition::busy, "loads", 20, second);
  const Trace trace = finish(30);
  ASSERT_EQ(trace.spans.size(), 3u);
  EXPECT_EQ(trace.spans[0].duration_ps(), 10u);
  EXPECT_EQ(trace.spans[1].arguments.at("bytes"), 8);
  EXPECT_EQ(trace.spans[2].arguments.at("bytes"), 16);
}

TEST_F(TimelineTest, GivesBurstsThatOverlapRowsOfTheirOwn) {
  timeline_.begin(0);
  timeline_.burst(burst(0, 0, 10, 64));
  timeline_.burst(burst(5, 5, 20, 32));
  timeline_.burst(burst(10, 12, 15, 16));
  const Trace trace = finish(40);
  EXPECT_THAT(trace.rows(), testing::ElementsAre("bus: dma/burst 1", "bus: dma/burst 2"));
  EXPECT_EQ(trace.of("bus: dma/burst 1").size(), 2u);
  EXPECT_EQ(trace.of("bus: dma/burst 1")[1].arguments.at("waited_ps"), 2);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> samples;
  for (const auto& sample : trace.samples) samples.emplace_back(sample.time_ps, sample.value);
  using Samples = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
  EXPECT_EQ(samples, (Samples{{0, 64}, {5, 96}, {10, 32}, {12, 48}, {15, 32}, {20, 0}}));
}

TEST_F(TimelineTest, DrawsNothingOutsideTheWindow) {
  timeline_.burst(burst(0, 0, 10, 64));
  timeline_.dram_burst({.bytes = 32, .data_begin_ps = 1, .data_end_ps = 2});
  timeline_.dram_refreshes({.begin_ps = 3, .duration_ps = 1, .interval_ps = 5, .count = 1'000'000'000});
  timeline_.happen("hart", "interrupt", 4);
  timeline_.begin(100);
  timeline_.happen("hart", "interrupt", 110);
  const Trace trace = finish(200);
  EXPECT_TRUE(trace.spans.empty());
  EXPECT_TRUE(trace.samples.empty());
  ASSERT_EQ(trace.instants.size(), 1u);
  EXPECT_EQ(trace.instants[0].time_ps, 110u);
}

TEST_F(TimelineTest, RefreshesThatWereSkippedOverAreDrawnOneByOne) {
  timeline_.begin(0);
  timeline_.dram_refreshes({.begin_ps = 10, .duration_ps = 4, .interval_ps = 100, .count = 3});
  const std::vector<Trace::Span> drawn = finish(400).of("dram/refresh");
  ASSERT_EQ(drawn.size(), 3u);
  EXPECT_EQ(drawn[2].begin_ps, 210u);
  EXPECT_EQ(drawn[2].duration_ps(), 4u);
}

// Bursts in the order in which one initiator asks for them, as long as they like.
TEST_F(TimelineTest, RandomBurstsNeverOverlapInARowAndTheirBytesAllLand) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto upto = [&](std::uint64_t high) { return random() % (high + 1); };
  timeline_.begin(0);
  std::uint64_t asked = 0, bytes = 0;
  for (int i = 0; i < 500; ++i) {
    const std::uint64_t taken = asked + upto(20);
    const auto size = static_cast<std::uint32_t>(1 + upto(255));
    timeline_.burst(burst(asked, taken, taken + 1 + upto(100), size));
    bytes += size;
    asked = taken + upto(10);
  }
  const Trace trace = finish(asked + 200);
  EXPECT_THAT(trace.overlapping_rows(), testing::IsEmpty());
  std::uint64_t drawn = 0;
  for (const Trace::Span& span : trace.spans) drawn += span.arguments.at("bytes").get<std::uint64_t>();
  EXPECT_EQ(drawn, bytes);
  std::uint64_t last = 0;
  for (const Trace::Sample& sample : trace.samples) {
    EXPECT_GE(sample.time_ps, last);
    last = sample.time_ps;
  }
  EXPECT_EQ(trace.samples.back().value, 0u);
}

}  // namespace
}  // namespace lutra::traces
