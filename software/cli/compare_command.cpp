#include <fmt/format.h>

#include "software/cli/shared_options.h"
#include "software/common/error.h"
#include "software/common/files.h"
#include "software/exploration/campaign/compare_table.h"
#include "software/exploration/campaign/point_key.h"

namespace lutra::cli {

CommandLine compare_options() {
  CommandLine options(
      "compare <comparison.yaml> | <scenario> <scenario>... [options]",
      "Runs the rows of a comparison (scenarios/comparisons/schemes.yaml is one), or several scenarios, and prints one "
      "table of\n"
      "accuracy, cycles, energy and resources; with a device named, a second one of the fastest arrays that "
      "fit it.\n"
      "Writes compare.csv, compare.json and compare.md with --output, and goes on from there when it is "
      "called again.",
      {"comparison..."});
  options.value("output", "DIR", "where the tables and the finished points go");
  options.value("data", "DIR", "folder of data sets and models");
  add_costs_option(options);
  options.value("jobs", "N", "processes at a time (default: as many as cores)");
  options.flag("quiet", "print errors only");
  return options;
}

int compare_command(const CommandLine& options) {
  const auto output = options.path("output");
  const std::vector<std::string> names = options.texts("comparison...");
  if (names.empty()) throw UsageError("compare: name a comparison, or scenarios");
  if (!output) throw UsageError("compare: name the folder for the results with --output");
  const bool quiet = options.has("quiet");

  const costs::Tables tables = chosen_tables(options);
  const exploration::Comparison comparison = names.size() == 1 ? exploration::load_comparison(names.front(), tables)
                                                               : exploration::compare_scenarios(names, tables);
  exploration::CompareOptions how;
  how.tables = &tables;
  how.data = options.path("data");
  how.program = exploration::program_digest();
  how.threads = cores();
  how.jobs = options.count("jobs", 1, most_jobs).value_or(how.threads);
  require_writable(*output);
  how.warn = [](const std::string& text) { fmt::print(stderr, "lutra: warning: {}\n", text); };
  const exploration::PointStore store(*output / "points", how.warn);
  how.networks = *output / "networks";
  const exploration::ComparisonOutcome outcome = [&] {
    ProgressBar bar(!quiet);
    how.progress = [&](const std::string& stage, std::size_t done, std::size_t total) {
      bar.update(stage, done, total);
    };
    return exploration::run_comparison(comparison, store, how);
  }();
  if (outcome.interrupted) {
    fmt::print(stderr, "lutra: interrupted; finished points are stored, and the same call goes on from there\n");
    return exit_interrupted;
  }
  write_file(*output / "compare.csv", exploration::to_csv(comparison, outcome));
  write_file(*output / "compare.json", exploration::to_json(comparison, outcome));
  write_file(*output / "compare.md", exploration::to_report(comparison, outcome, true));
  if (!quiet) {
    fmt::print("{}", exploration::to_report(comparison, outcome, false));
    std::fflush(stdout);
  }
  if (outcome.failed > 0)
    throw Error(fmt::format("{}: {} points failed; the tables name them", comparison.name, outcome.failed));
  return exit_success;
}

}  // namespace lutra::cli
