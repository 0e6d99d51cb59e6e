#include "software/exploration/point/flow.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "accelerators/family/family.h"
#include "software/common/error.h"
#include "software/common/process/child_process.h"
#include "software/exploration/point/accuracy.h"
#include "software/exploration/point/assemble.h"
#include "software/exploration/point/choose_engine.h"
#include "software/exploration/point/hardware_cost.h"
#include "software/exploration/point/memory_sizes.h"
#include "software/exploration/point/predict.h"
#include "software/exploration/point/prepare.h"
#include "software/exploration/point/rehearse.h"
#include "software/network/data/classes.h"
#include "software/network/float/fit_input.h"
#include "software/reference/double/double_executor.h"
#include "software/reference/executor.h"
#include "software/simulation/frames.h"
#include "software/simulation/simulation.h"
#include "software/simulation/steady_state.h"
#include "traces/timeline.h"

namespace lutra::exploration {

namespace {

class Stopwatch {
 public:
  Stopwatch(std::vector<StageTime>& times, const StageProgress& progress) : times_(times), progress_(progress) {}

  // A stage that tells its steps itself goes on from there.
  template <typename Action>
  auto time(const std::string& stage, const Action& action, std::size_t steps = 1) {
    if (progress_) progress_(stage, 0, steps);
    const auto start = std::chrono::steady_clock::now();
    auto value = action();
    times_.push_back({stage, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()});
    return value;
  }

 private:
  std::vector<StageTime>& times_;
  const StageProgress& progress_;
};

std::size_t image_count(const char* what, std::optional<std::size_t> wanted, const network::Dataset& data) {
  if (wanted && *wanted > data.size())
    throw Error(
        fmt::format("{} asks for {} images; the test split of '{}' has {}", what, *wanted, data.name, data.size()));
  return wanted.value_or(data.size());
}

const network::Edge& output_edge(const network::QuantisedNetwork& network) {
  return network.edges.at(static_cast<std::size_t>(network.output));
}

void require_fit(const network::QuantisedNetwork& network, const network::Dataset& data) {
  network::require_classes(network.name, output_edge(network).shape, data);
  const network::Shape& input = network.edges.at(static_cast<std::size_t>(network.input.edge)).shape;
  if (input != data.shape)
    throw Error(fmt::format("data set '{}' has images of {}x{}x{}, network '{}' takes {}x{}x{}", data.name,
                            data.shape.channels, data.shape.height, data.shape.width, network.name, input.channels,
                            input.height, input.width));
}

reference::Progress report_to(const StageProgress& progress, const std::string& stage, std::size_t total) {
  if (!progress) return {};
  return [progress, stage, total](std::size_t done) { progress(stage, done, total); };
}

Prepared prepare_once(const scenario::Scenario& scenario, Inputs& inputs, const FlowOptions& options) {
  if (options.measured) return prepare_stored(scenario, options.measured->network);
  return prepare(scenario, inputs, hardware_cost(scenario, *options.tables));
}

result::AccuracyFacts measure_accuracy(const Prepared& prepared, const reference::IntegerExecutor& executor,
                                       const scenario::Scenario& scenario, Inputs& inputs, const network::Dataset& test,
                                       std::size_t images, const FlowOptions& options, Stopwatch& watch) {
  if (options.measured) return options.measured->accuracy;
  const bool with_float = options.float_accuracy && !scenario.network.model.empty();
  result::AccuracyFacts accuracy;
  if (test.labels.empty()) return accuracy;
  const int classes = output_edge(prepared.network).shape.channels;
  const auto answers = watch.time(
      "quantised accuracy",
      [&] {
        const auto progress = report_to(options.progress, "quantised accuracy", images);
        return executor.answer(test, images, options.jobs, progress);
      },
      images);
  count_answers(answers, test, classes, accuracy);
  if (prepared.given) {
    // Where every code is proven to be the file's, so is every answer.
    std::vector<int> own;
    if (!prepared.given->taken.differences.empty())
      own = watch.time("the file's own answers", [&] {
        const reference::DoubleExecutor file(prepared.given->graph, inputs.normalisation(scenario));
        return file.classify(test, images, options.jobs, report_to(options.progress, "the file's own answers", images));
      });
    count_other_answers(answers, own, accuracy);
  }
  if (with_float) {
    const auto float_answers = watch.time(
        "float accuracy",
        [&] {
          const network::Graph graph =
              network::fit_input(prepared.graph ? *prepared.graph : inputs.model(scenario), test.shape);
          network::require_classes(graph.name, network::output_shape(graph), test);
          const reference::FloatExecutor float_executor(graph, inputs.normalisation(scenario));
          const auto progress = report_to(options.progress, "float accuracy", images);
          return float_executor.answer(test, images, options.jobs, progress);
        },
        images);
    count_float_answers(float_answers, classes, accuracy);
  }
  return accuracy;
}

// Cycles of the last of these frames on the hart alone, in a process of its own.
std::uint64_t run_without_engine(const scenario::Scenario& scenario, const network::QuantisedNetwork& network,
                                 const std::vector<std::vector<std::uint8_t>>& frames,
                                 const std::vector<std::vector<std::int32_t>>& logits,
                                 const reference::Progress& progress) {
  const compiler::Program program = compile_for(scenario, std::nullopt, network);
  return std::stoull(run_in_child([&] {
    const simulation::Simulation simulation =
        simulation::simulate(scenario.soc, std::nullopt, program, output_edge(network), frames, 0, progress);
    for (std::size_t i = 0; i < frames.size(); ++i)
      simulation::compare_logits(i, simulation.frames.at(i).logits, logits[i]);
    return std::to_string(simulation.frames.back().cycles);
  }));
}

}  // namespace

MeasuredNetwork measure_network(const scenario::Scenario& scenario, Inputs& inputs, const FlowOptions& options) {
  std::vector<StageTime> times;
  Stopwatch watch(times, options.progress);
  Prepared prepared = prepare_once(scenario, inputs, options);
  const network::Dataset& test = inputs.images(scenario, network::Split::test);
  require_fit(prepared.network, test);
  const std::size_t images =
      image_count("the accuracy set", options.images ? options.images : scenario.run.images, test);
  const result::AccuracyFacts accuracy = measure_accuracy(prepared, reference::IntegerExecutor(prepared.network),
                                                          scenario, inputs, test, images, options, watch);
  return {std::move(prepared.network), accuracy};
}

FlowOutcome run_scenario(const scenario::Scenario& asked, Inputs& inputs, const FlowOptions& options) {
  FlowOutcome outcome;
  Stopwatch watch(outcome.times, options.progress);
  require_tcm(asked);
  if (!options.measured && asked.quantisation.file.empty())
    watch.time("rehearse", [&] {
      rehearse(asked, network::fit_input(inputs.model(asked), inputs.images(asked, network::Split::test).shape),
               Rehearsal::room);
      return true;
    });
  const Prepared prepared = watch.time("load and quantise", [&] { return prepare_once(asked, inputs, options); });
  const network::QuantisedNetwork& network = prepared.network;
  scenario::Scenario scenario = asked;
  if (scenario.engine && scenario.engine->family == accelerators::automatic_family)
    scenario.engine = watch.time("choose the engine", [&] { return choose_engine(asked, network, *options.tables); });
  if (scenario.engine) scenario.engine = with_memory_sizes(scenario, network, *options.tables);
  const network::Dataset& test =
      *watch.time("load test images", [&] { return &inputs.images(scenario, network::Split::test); });
  require_fit(network, test);
  const std::size_t images =
      image_count("the accuracy set", options.images ? options.images : scenario.run.images, test);
  const std::size_t frame_count = image_count("the simulation", options.simulate.value_or(scenario.run.simulate), test);

  const compiler::Program program =
      watch.time("compile", [&] { return compile_for(scenario, scenario.engine, network); });
  const reference::IntegerExecutor executor(network);
  std::vector<std::vector<std::uint8_t>> frames;
  std::vector<std::vector<std::int32_t>> logits;
  for (std::size_t i = 0; i < frame_count; ++i) {
    frames.push_back(simulation::make_frame(executor, network, test.image(i), scenario.normalise_on_hart));
    logits.push_back(executor.run(test.image(i)));
  }

  std::optional<std::uint64_t> cpu_only_cycles;
  if (scenario.engine && scenario.run.cpu_baseline)
    cpu_only_cycles = watch.time(
        "simulate the hart alone",
        [&] {
          return run_without_engine(scenario, network, {frames.front(), frames.back()}, {logits.front(), logits.back()},
                                    report_to(options.progress, "simulate the hart alone", 2));
        },
        2);
  const auto simulate_frames = [&] {
    // Frames that only make the mean steady are not counted.
    const auto report = report_to(options.progress, "simulate", frame_count);
    const auto progress = [&](std::size_t done) {
      if (report) report(std::min(done, frame_count));
    };
    const auto simulate = [&](const simulation::Tracing& tracing) {
      return simulation::simulate(scenario.soc, scenario.engine, program, output_edge(network), frames,
                                  scenario.run.steady_cycles, progress, tracing);
    };
    if (!options.trace) return simulate({});
    // Which frame is reported is known when all have run: once without a trace, then again with one.
    const std::size_t reported = std::stoull(
        run_in_child([&] { return std::to_string(simulation::steady_state(simulate({}).frames).typical); }));
    traces::Timeline timeline(options.trace->file);
    simulation::Simulation run =
        simulate({&timeline, reported + 1 - std::min(options.trace->frames, reported + 1), reported});
    timeline.commit();
    return run;
  };
  const simulation::Simulation simulation = watch.time("simulate", simulate_frames, frame_count);
  for (std::size_t i = 0; i < simulation.frames.size(); ++i)
    simulation::compare_logits(i, simulation.frames[i].logits, logits[i % frame_count]);

  const result::AccuracyFacts accuracy =
      measure_accuracy(prepared, executor, scenario, inputs, test, images, options, watch);
  outcome.result = watch.time("cost", [&] {
    return assemble(scenario, prepared, accuracy, program, simulation, frame_count, *options.tables);
  });
  outcome.result.cpu_only_cycles = cpu_only_cycles;
  outcome.times.push_back({"simulate: start-up", simulation.host_seconds_startup});
  outcome.times.push_back({"simulate: frames", simulation.host_seconds_frames});
  outcome.console = simulation.console;
  return outcome;
}

}  // namespace lutra::exploration
