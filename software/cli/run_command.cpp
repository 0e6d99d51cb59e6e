#include <fmt/format.h>

#include <cstdio>
#include <limits>

#include "software/cli/shared_options.h"
#include "software/common/files.h"
#include "software/common/terminal/output.h"
#include "software/exploration/point/flow.h"
#include "software/result/report.h"
#include "software/result/result_json.h"
#include "software/scenario/override.h"
#include "traces/trace_file.h"

namespace lutra::cli {

namespace {

constexpr const char* default_scenario = "embedded";
constexpr std::uint64_t most_images = 10'000'000;
constexpr std::uint64_t most_frames = 100'000;

void print_times(const exploration::FlowOutcome& outcome) {
  std::string text = "host seconds:";
  for (const exploration::StageTime& time : outcome.times) text += fmt::format(" {} {:.2f};", time.stage, time.seconds);
  text.back() = '\n';
  terminal::say(text);
}

void write_results(const result::Result& result, const std::filesystem::path& folder) {
  const std::string json = result::to_json(result);
  const std::string csv = result::to_csv(result);
  write_file(folder / "layers.csv", csv);
  write_file(folder / "result.json", json);
}

}  // namespace

CommandLine run_options() {
  CommandLine options(
      "run [scenario] [options]",
      "Runs a scenario, a YAML file or the name of one that Lutra carries (default: embedded), and prints what\n"
      "it finds. scenarios/README.md documents scenarios.",
      {"scenario"});
  options.value("data", "DIR", "folder of data sets and models");
  add_costs_option(options);
  options.value("output", "DIR", "write result.json and layers.csv there");
  options.repeated("set", "KEY=VALUE", "another value for a key of the scenario, as engine.rows=8; may be repeated");
  options.value("images", "N", "test images for the accuracy, instead of the scenario's");
  options.value("simulate", "N", "images run on the SoC, instead of the scenario's");
  options.value("jobs", "N", "threads on the host (default: all cores)");
  options.value("trace", "FILE", "write a timeline of the simulated frames (Perfetto, Chrome trace JSON)");
  options.value("trace-frames", "N", "at most so many frames in it, up to the reported one (default: 1)");
  options.flag("no-float", "do not measure the float network's accuracy");
  options.flag("confusion", "also print how often each class was taken for each");
  options.flag("quiet", "print errors only");
  return options;
}

int run_command(const CommandLine& options) {
  const costs::Tables tables = chosen_tables(options);
  exploration::FlowOptions flow;
  flow.tables = &tables;
  exploration::Inputs inputs(options.path("data"));
  if (const auto images = options.count("images", 1, most_images)) flow.images = *images;
  if (const auto frames = options.count("simulate", 1, most_frames)) flow.simulate = *frames;
  flow.jobs = static_cast<int>(options.count("jobs", 1, most_jobs).value_or(0));
  flow.float_accuracy = !options.has("no-float");
  if (const auto file = options.path("trace")) flow.trace = exploration::TraceOptions{*file};
  if (const auto frames = options.count("trace-frames", 1, most_frames)) {
    if (!flow.trace) throw UsageError("--trace-frames needs --trace FILE");
    flow.trace->frames = *frames;
  }
  const auto output = options.path("output");
  const bool quiet = options.has("quiet");
  const std::string name = options.argument(0);

  const scenario::Scenario scenario = chosen_scenario(options, name.empty() ? default_scenario : name, tables);
  if (output) require_writable(*output);
  if (flow.trace) traces::TraceFile probe(flow.trace->file);  // before there is anything to lose
  const exploration::FlowOutcome outcome = [&] {
    ProgressBar bar(!quiet);
    flow.progress = [&](const std::string& stage, std::size_t done, std::size_t total) {
      bar.update(stage, done, total);
    };
    return exploration::run_scenario(scenario, inputs, flow);
  }();
  if (output) write_results(outcome.result, *output);
  if (!quiet) {
    if (!outcome.console.empty()) terminal::say(fmt::format("the software on the SoC says:\n{}", outcome.console));
    terminal::print(plain_lines(result::to_report(outcome.result)));
    if (options.has("confusion")) terminal::print(plain_lines(result::confusion_text(outcome.result)));
    print_times(outcome);
  }
  return exit_success;
}

}  // namespace lutra::cli
