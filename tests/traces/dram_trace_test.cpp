#include <gmock/gmock.h>

#include <random>

#include "models/dram/controller.h"
#include "tests/traces/trace_reader.h"
#include "traces/timeline.h"

namespace lutra::traces {
namespace {

using test::Trace;

class DramTrace : public testing::Test {
 protected:
  explicit DramTrace(const char* kind = "lpddr4") : timing_(models::embedded_dram_timing(kind)), dram_(timing_) {
    dram_.observe(&timeline_);
    timeline_.begin(0);
  }
  Trace finish(std::uint64_t end_ps) {
    dram_.advance(end_ps);
    timeline_.end(end_ps);
    timeline_.commit();
    return Trace::read(folder_ / "t.json");
  }

  test::TraceFolder folder_;
  Timeline timeline_{folder_ / "t.json"};
  models::DramTiming timing_;
  models::DramController dram_;
};

TEST_F(DramTrace, ARowOpensBeforeItsDataCrossTheBus) {
  const std::uint64_t done = dram_.access(0, 4096 * 8 + 2048, 32, false);
  const Trace trace = finish(done);
  ASSERT_EQ(trace.of("dram/data bus").size(), 1u);
  const Trace::Span data = trace.of("dram/data bus")[0];
  EXPECT_EQ(data.name, "read, row miss");
  EXPECT_EQ(data.end_ps, done);
  EXPECT_EQ(data.duration_ps(), timing_.burst_clocks() * timing_.clock_ps);
  EXPECT_EQ(data.arguments.at("bank"), 1);
  ASSERT_EQ(trace.of("dram/bank 1").size(), 1u);
  EXPECT_EQ(trace.of("dram/bank 1")[0].name, "row 2");
  EXPECT_EQ(trace.of("dram/bank 1")[0].begin_ps, 0u);
}

TEST_F(DramTrace, AnIdleDramShowsEveryRefresh) {
  const std::uint64_t end = 1'000 * timing_.refi * timing_.clock_ps;
  const Trace trace = finish(end);
  EXPECT_EQ(trace.of("dram/refresh").size(), dram_.counts().refreshes);
  EXPECT_GE(dram_.counts().refreshes, 999u);
  EXPECT_THAT(trace.overlapping_rows(), testing::IsEmpty());
}

TEST_F(DramTrace, RandomTrafficAddsUpToTheCountersAndNothingOverlaps) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::uint64_t time = 0, bytes = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t size = 1 + random() % 256;
    const std::uint64_t address = random() % 4 == 0 ? random() % (1 << 24) : random() % (1 << 13);
    dram_.access(time, address, size, random() % 2 == 0);
    bytes += size;
    time += random() % (i % 100 == 0 ? 20'000'000 : 100'000);
  }
  const Trace trace = finish(time + 100'000'000);
  EXPECT_THAT(trace.overlapping_rows(), testing::IsEmpty());

  std::uint64_t drawn = 0;
  std::map<std::string, std::uint64_t> bursts;
  for (const Trace::Span& span : trace.of("dram/data bus")) {
    drawn += span.arguments.at("bytes").get<std::uint64_t>();
    ++bursts[span.category];
    ++bursts[span.name.substr(span.name.find("row"))];
  }
  const models::DramCounts& counts = dram_.counts();
  EXPECT_EQ(drawn, bytes);
  EXPECT_EQ(bursts["read"], counts.read_bursts);
  EXPECT_EQ(bursts["write"], counts.write_bursts);
  EXPECT_EQ(bursts["row hit"], counts.row_hits);
  EXPECT_EQ(bursts["row miss"], counts.row_misses);
  EXPECT_EQ(bursts["row conflict"], counts.row_conflicts);
  EXPECT_EQ(trace.of("dram/refresh").size(), counts.refreshes);
  std::uint64_t rows = 0;
  for (std::uint32_t bank = 0; bank < timing_.banks; ++bank)
    rows += trace.of("dram/bank " + std::to_string(bank)).size();
  EXPECT_EQ(rows, counts.activates);
}

}  // namespace
}  // namespace lutra::traces
