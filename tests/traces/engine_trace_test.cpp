#include <gmock/gmock.h>

#include "tests/accelerators/engine/engine_bench.h"
#include "tests/support/convolution.h"
#include "tests/traces/trace_reader.h"
#include "traces/timeline.h"

namespace lutra::traces {
namespace {

using test::Convolution;
using test::EngineBench;
using test::Trace;

struct Account {
  const char* row;
  const char* what;  // a span's name, or "busy" for every busy span
  lutra_engine_counter counter;
};

constexpr Account accounts[] = {
    {"engine/fetch", "busy", LUTRA_COUNT_FETCH_BUSY},
    {"engine/load", "busy", LUTRA_COUNT_LOAD_BUSY},
    {"engine/load", "waits for store", LUTRA_COUNT_LOAD_WAITS_STORE},
    {"engine/load", "waits for compute", LUTRA_COUNT_LOAD_WAITS_COMPUTE},
    {"engine/load", "waits for a command", LUTRA_COUNT_LOAD_WAITS_COMMAND},
    {"engine/compute", "busy", LUTRA_COUNT_COMPUTE_BUSY},
    {"engine/compute", "waits for load", LUTRA_COUNT_COMPUTE_WAITS_LOAD},
    {"engine/compute", "waits for store", LUTRA_COUNT_COMPUTE_WAITS_STORE},
    {"engine/compute", "waits for a command", LUTRA_COUNT_COMPUTE_WAITS_COMMAND},
    {"engine/store", "busy", LUTRA_COUNT_STORE_BUSY},
    {"engine/store", "waits for compute", LUTRA_COUNT_STORE_WAITS_COMPUTE},
    {"engine/store", "waits for a command", LUTRA_COUNT_STORE_WAITS_COMMAND},
};

// Streams a convolution through an engine with these knobs and holds every row against the engine's own counters.
void expect_the_ledgers_cycles(const accelerators::EngineConfig& config, int latency_cycles) {
  const test::TraceFolder folder;
  Timeline timeline(folder / "t.json");
  EngineBench bench(config);
  bench.memory.latency_cycles = latency_cycles;
  bench.engine.observe(&timeline);
  timeline.begin(0);
  const Convolution convolution;
  convolution.put_data(bench.memory);
  std::map<lutra_engine_counter, std::uint64_t> counters;
  bench.simulate([&] {
    for (int run = 0; run < 2; ++run) {
      ASSERT_EQ(bench.run_stream(convolution.stream().bytes()), LUTRA_ERROR_NONE);
      for (int i = 0; i < LUTRA_ENGINE_COUNTER_COUNT; ++i) {
        const auto counter = static_cast<lutra_engine_counter>(i);
        counters[counter] += bench.counter(counter);
      }
    }
  });
  timeline.end(sc_core::sc_time_stamp().value());
  timeline.commit();
  const Trace trace = Trace::read(folder / "t.json");
  EXPECT_THAT(trace.overlapping_rows(), testing::IsEmpty());

  const std::uint64_t period = test::clock_period.value();
  for (const auto& [row, what, counter] : accounts) {
    const std::uint64_t drawn = trace.time_ps(
        row, [&](const Trace::Span& span) { return span.name == what || span.category == std::string(what); });
    EXPECT_EQ(drawn, counters[counter] * period) << row << ", " << what;
  }
  const std::uint64_t stalled =
      trace.time_ps("engine/fetch", [](const Trace::Span& span) { return span.category == "waiting"; });
  EXPECT_EQ(stalled, counters[LUTRA_COUNT_FETCH_STALLED] * period);
  EXPECT_EQ(trace.time_ps("engine/why", [](const Trace::Span&) { return true; }),
            counters[LUTRA_COUNT_ELAPSED] * period);
}

TEST(EngineTrace, EveryRowAddsUpToTheEnginesCounters) { expect_the_ledgers_cycles({}, 20); }

TEST(EngineTrace, EveryRowAddsUpWhereMemoryIsSlowAndQueuesAreFull) {
  accelerators::EngineConfig config;
  config.command_queue = 1;
  config.outstanding = 1;
  config.burst_bytes = 16;
  expect_the_ledgers_cycles(config, 200);
}

TEST(EngineTrace, EveryCommandIsASpanWithItsPlaceInTheStream) {
  const test::TraceFolder folder;
  Timeline timeline(folder / "t.json");
  EngineBench bench;
  bench.engine.observe(&timeline);
  timeline.begin(0);
  const Convolution convolution;
  convolution.put_data(bench.memory);
  bench.simulate([&] { ASSERT_EQ(bench.run_stream(convolution.stream().bytes()), LUTRA_ERROR_NONE); });
  timeline.end(sc_core::sc_time_stamp().value());
  timeline.commit();
  const Trace trace = Trace::read(folder / "t.json");
  std::set<std::uint64_t> offsets;
  std::map<std::string, int> count;
  for (const Trace::Span& span : trace.spans) {
    if (span.category != "busy" || !span.arguments.contains("stream_offset")) continue;
    offsets.insert(span.arguments.at("stream_offset").get<std::uint64_t>());
    ++count[span.name];
  }
  EXPECT_THAT(count,
              testing::UnorderedElementsAre(testing::Pair("loads weights", 1), testing::Pair("loads parameters", 1),
                                            testing::Pair("loads activations", Convolution::tiles),
                                            testing::Pair("matrix tile", Convolution::tiles),
                                            testing::Pair("stores outputs", Convolution::tiles)));
  EXPECT_EQ(offsets.size(), 2u + 3 * Convolution::tiles) << "two commands share a place";
}

TEST(EngineTrace, StopsReportingOnceTheObserverIsGone) {
  EngineBench bench;
  {
    const test::TraceFolder folder;
    Timeline timeline(folder / "t.json");
    bench.engine.observe(&timeline);
    bench.engine.observe(nullptr);
  }
  const Convolution convolution;
  convolution.put_data(bench.memory);
  bench.simulate([&] { EXPECT_EQ(bench.run_stream(convolution.stream().bytes()), LUTRA_ERROR_NONE); });
}

}  // namespace
}  // namespace lutra::traces
