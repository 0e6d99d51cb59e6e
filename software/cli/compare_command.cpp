#include <fmt/format.h>

#include "software/cli/shared_options.h"
#include "software/common/error.h"
#include "software/common/files.h"
#include "software/common/terminal/output.h"
#include "software/exploration/campaign/compare_table.h"

namespace lutra::cli {

CommandLine compare_options() {
  CommandLine options(
      "compare <comparison.yaml> | <scenario> <scenario>... [options]",
      "Runs the rows of a comparison (scenarios/comparisons/schemes.yaml is one), or several scenarios, and prints one "
      "table of\n"
      "accuracy, cycles, energy and resources; for each device or area named, one of the fastest arrays within it; and "
      "which\n"
      "rows lose little accuracy, best first.\n"
      "Writes compare.csv, compare.json and compare.md with --output, and goes on from there when it is "
      "called again.",
      {"comparison..."});
  options.value("output", "DIR", "where the tables and the finished points go");
  add_points_options(options);
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
  exploration::Inputs inputs(options.path("data"));
  const exploration::PointsOptions how = points_options(options, tables, inputs);
  require_writable(*output);
  const exploration::Stores stores = open_stores(*output / "points", *output / "networks");
  const exploration::EntryFolder arrays(*output / "arrays", warn_of_entries);
  const exploration::ComparisonOutcome outcome = [&] {
    ProgressBar bar(!quiet);
    return exploration::run_comparison(
        comparison, stores, arrays, how,
        [&](const std::string& stage, std::size_t done, std::size_t total) { bar.update(stage, done, total); });
  }();
  if (outcome.interrupted) {
    terminal::say("lutra: interrupted; finished points are stored, and the same call goes on from there\n");
    return exit_interrupted;
  }
  write_file(*output / "compare.csv", exploration::to_csv(comparison, outcome));
  write_file(*output / "compare.json", exploration::to_json(comparison, outcome));
  write_file(*output / "compare.md", exploration::to_report(comparison, outcome, true));
  if (!quiet) {
    terminal::print(plain_lines(exploration::to_report(comparison, outcome, false)));
  }
  if (outcome.failed > 0)
    throw Error(fmt::format("{}: {} points failed; the tables name them", comparison.name, outcome.failed));
  return exit_success;
}

}  // namespace lutra::cli
