#include "software/reference/executor.h"

#include <benchmark/benchmark.h>

#include <systemc>

#include "tests/bench/workload.h"

// Images per second of the host executors, one and two threads.

namespace {

using namespace lutra;

const bench::Workload& workload() {
  static const bench::Workload loaded = bench::load_workload();
  return loaded;
}

template <typename Executor>
void classify(benchmark::State& state, const Executor& executor, std::size_t images) {
  const int jobs = static_cast<int>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(executor.classify(workload().images, images, jobs));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * images));
  state.SetLabel(workload().prepared.network.name);
}

void integer_images(benchmark::State& state) {
  classify(state, reference::IntegerExecutor(workload().prepared.network), 512);
}

void float_images(benchmark::State& state) {
  classify(state, reference::FloatExecutor(*workload().prepared.graph, workload().scenario.network.normalisation), 128);
}

BENCHMARK(integer_images)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(float_images)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace

int sc_main(int, char**) { return 0; }

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
