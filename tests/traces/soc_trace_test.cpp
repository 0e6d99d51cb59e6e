#include <gmock/gmock.h>

#include "software/exploration/point/flow.h"
#include "software/scenario/scenario.h"
#include "tests/traces/trace_reader.h"

namespace lutra::traces {
namespace {

using result::Result;
using simulation::Causes;
using test::Trace;

// The embedded network on the SoC, its last frames drawn.
class SocTrace : public testing::Test {
 protected:
  void run(std::size_t simulated, std::size_t traced, bool with_engine = true) {
    scenario::Scenario scenario = scenario::load_scenario("embedded");
    scenario.run.cpu_baseline = false;
    if (!with_engine) scenario.engine.reset();
    exploration::FlowOptions options;
    options.images = 1;
    options.simulate = simulated;
    options.float_accuracy = false;
    options.trace = exploration::TraceOptions{folder_ / "t.json", traced};
    exploration::Inputs inputs;
    result_ = exploration::run_scenario(scenario, inputs, options).result;
    trace_ = Trace::read(folder_ / "t.json");
    period_ps_ = static_cast<std::uint64_t>(1e6 / scenario.soc.clock_mhz);
  }

  std::uint64_t cycles(const std::string& row) const {
    return trace_.time_ps(row, [](const Trace::Span&) { return true; }) / period_ps_;
  }

  // Cycles of a row's spans by name, as far as they lie in [begin, end).
  std::map<std::string, std::uint64_t> cycles_by_name(const std::string& row, std::uint64_t begin_ps,
                                                      std::uint64_t end_ps) const {
    std::map<std::string, std::uint64_t> sums;
    for (const Trace::Span& span : trace_.of(row)) {
      const std::uint64_t from = std::max(span.begin_ps, begin_ps), to = std::min(span.end_ps, end_ps);
      if (from < to) sums[span.name] += (to - from) / period_ps_;
    }
    return sums;
  }

  test::TraceFolder folder_;
  Result result_;
  Trace trace_;
  std::uint64_t period_ps_ = 0;
};

TEST_F(SocTrace, AddsUpToTheResult) {
  run(2, 1);
  EXPECT_THAT(trace_.overlapping_rows(), testing::IsEmpty());
  EXPECT_EQ(cycles("software/frame"), result_.cycles.total);
  EXPECT_EQ(cycles("hart/hart"), result_.cycles.total);
  EXPECT_EQ(cycles("engine/why"), result_.cycles.total - result_.cycles.by_cause.software);
  EXPECT_EQ(trace_.time_ps("engine/compute", [](const Trace::Span& span) { return span.category == "busy"; }),
            result_.cycles.by_cause.compute * period_ps_);

  std::uint64_t bytes = 0;
  for (const Trace::Span& span : trace_.of("dram/data bus")) bytes += span.arguments.at("bytes").get<std::uint64_t>();
  EXPECT_EQ(bytes, result_.memory.dram_read_bytes + result_.memory.dram_write_bytes);
}

TEST_F(SocTrace, EveryLayersCyclesAndCausesAreThoseOfTheResult) {
  run(1, 1);
  const std::vector<Trace::Span> operations = trace_.of("software/operation");
  ASSERT_EQ(operations.size() + 1, result_.layers.size());
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const result::LayerFacts& layer = result_.layers[i];
    EXPECT_EQ(operations[i].name, layer.name);
    EXPECT_EQ(operations[i].duration_ps(), layer.cycles * period_ps_) << layer.name;
    auto why = cycles_by_name("engine/why", operations[i].begin_ps, operations[i].end_ps);
    EXPECT_EQ(why["compute"], layer.causes.compute) << layer.name;
    EXPECT_EQ(why["load"], layer.causes.load) << layer.name;
    EXPECT_EQ(why["store"], layer.causes.store) << layer.name;
    EXPECT_EQ(why["command"], layer.causes.command) << layer.name;
  }
}

TEST_F(SocTrace, EveryRunOfEngineOperationsEndsWithAnInterrupt) {
  run(1, 1);
  std::size_t interrupts = 0;
  for (const Trace::Instant& instant : trace_.instants) interrupts += instant.name == "external interrupt" ? 1u : 0u;
  std::size_t runs = 0;
  bool before = false;
  for (const result::LayerFacts& layer : result_.layers) {
    runs += layer.on_engine && !before ? 1u : 0u;
    before = layer.on_engine;
  }
  EXPECT_EQ(interrupts, runs);
}

TEST_F(SocTrace, DrawsTheReportedFrameAndThoseBeforeIt) {
  run(3, 2);
  const std::vector<Trace::Span> frames = trace_.of("software/frame");
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].name, fmt::format("frame {}", result_.cycles.reported_frame - 1));
  EXPECT_EQ(frames[1].name, fmt::format("frame {}", result_.cycles.reported_frame));
  EXPECT_EQ(frames[1].duration_ps(), result_.cycles.total * period_ps_);
  for (const Trace::Span& span : trace_.spans) EXPECT_GE(span.begin_ps, frames[0].begin_ps) << span.row;
}

TEST_F(SocTrace, ARequestForTooManyFramesDrawsAllOfThem) {
  run(1, 100);
  EXPECT_EQ(trace_.of("software/frame").size(), result_.cycles.reported_frame + 1);
}

TEST_F(SocTrace, TheHartAloneIsDrawnToo) {
  run(1, 1, false);
  EXPECT_THAT(trace_.overlapping_rows(), testing::IsEmpty());
  EXPECT_EQ(cycles("hart/hart"), result_.cycles.total);
  EXPECT_EQ(trace_.rows().count("engine/compute"), 0u);
}

}  // namespace
}  // namespace lutra::traces
