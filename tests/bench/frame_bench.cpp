#include <benchmark/benchmark.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>
#include <systemc>

#include "software/compiler/compiler.h"
#include "software/simulation/frames.h"
#include "software/simulation/simulation.h"
#include "tests/bench/workload.h"

// Host seconds per frame of the whole SoC, firmware, values and timing included, and of its start-up. A simulation is
// one process, so each runs in a child that reports its times through a pipe.

namespace {

using namespace lutra;

const bench::Workload& workload() {
  static const bench::Workload loaded = bench::load_workload();
  return loaded;
}

struct Times {
  double startup = 0;
  double frames = 0;
};

Times simulate_here(bool with_engine, std::size_t frame_count) {
  const auto& [scenario, prepared, images] = workload();
  const std::optional<accelerators::EngineConfig> engine = with_engine ? scenario.engine : std::nullopt;
  const auto family = engine ? accelerators::make_family(*engine) : nullptr;
  const compiler::Program program =
      compiler::compile(prepared.network, engine.value_or(accelerators::EngineConfig{}), family.get(), {});
  const reference::IntegerExecutor executor(prepared.network);
  std::vector<std::vector<std::uint8_t>> frames;
  for (std::size_t i = 0; i < frame_count; ++i)
    frames.push_back(simulation::make_frame(executor, prepared.network, images.image(i), false));
  const network::Edge& output = prepared.network.edges.at(static_cast<std::size_t>(prepared.network.output));
  const simulation::Simulation run = simulation::simulate(scenario.soc, engine, program, output, frames);
  return {run.host_seconds_startup, run.host_seconds_frames};
}

Times simulate_in_child(bool with_engine, std::size_t frame_count) {
  workload();
  int ends[2];
  Times times;
  if (pipe(ends) != 0) return times;
  const pid_t child = fork();
  if (child == 0) {
    times = simulate_here(with_engine, frame_count);
    const bool sent = write(ends[1], &times, sizeof times) == sizeof times;
    _exit(sent ? 0 : 1);
  }
  close(ends[1]);
  int status = 1;
  const bool received = child > 0 && read(ends[0], &times, sizeof times) == sizeof times;
  close(ends[0]);
  if (child > 0) waitpid(child, &status, 0);
  return received && status == 0 ? times : Times{};
}

void frames(benchmark::State& state, bool with_engine, std::size_t frame_count) {
  Times times;
  for (auto _ : state) {
    times = simulate_in_child(with_engine, frame_count);
    if (times.frames == 0) {
      state.SkipWithError("the simulation failed");
      return;
    }
    state.SetIterationTime(times.frames / static_cast<double>(frame_count));
  }
  state.counters["startup_ms"] = times.startup * 1e3;
  state.SetLabel(workload().prepared.network.name);
}

BENCHMARK_CAPTURE(frames, with_engine, true, 20)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(frames, on_the_hart, false, 1)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace

int sc_main(int, char**) { return 0; }

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
