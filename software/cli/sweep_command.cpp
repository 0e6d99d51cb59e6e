#include <fmt/format.h>

#include <chrono>

#include "software/cli/shared_options.h"
#include "software/common/error.h"
#include "software/common/files.h"
#include "software/common/terminal/output.h"
#include "software/exploration/campaign/sweep_table.h"

namespace lutra::cli {

namespace {

class Progress {
 public:
  explicit Progress(bool wanted) : bar_(wanted) {}

  void update(std::size_t finished, std::size_t to_run) {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
    std::string left;
    if (finished > 0 && finished < to_run) {
      const double seconds = passed.count() / static_cast<double>(finished) * static_cast<double>(to_run - finished);
      left = fmt::format("{:.0f} s left", seconds);
    }
    bar_.update("points", finished, to_run, left);
  }

 private:
  ProgressBar bar_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

void refuse_failures(const exploration::Sweep& sweep, const exploration::SweepOutcome& outcome) {
  for (std::size_t i = 0; i < outcome.rows.size(); ++i)
    if (!outcome.rows[i].error.empty())
      throw Error(fmt::format("{} of {} points failed; the first: {}: {}: {}", outcome.failed, outcome.rows.size(),
                              sweep.file, exploration::point_label(sweep, i), outcome.rows[i].error));
}

}  // namespace

CommandLine sweep_options() {
  CommandLine options(
      "sweep <sweep.yaml> --output DIR [options]",
      "Runs every point of a sweep, writes sweep.csv and sweep.jsonl, and prints a table. Results are kept "
      "in DIR/points\n"
      "and are not computed again: an interrupted sweep goes on where it was. scenarios/README.md documents "
      "sweeps.",
      {"sweep"});
  options.value("output", "DIR", "where the tables go");
  options.value("store", "DIR", "where the points' results are kept (default: points in the output folder)");
  add_points_options(options);
  options.flag("quiet", "print errors only");
  return options;
}

int sweep_command(const CommandLine& options) {
  const auto output = options.path("output");
  if (options.argument(0).empty()) throw UsageError("sweep: name a sweep file");
  if (!output) throw UsageError("sweep: name the folder for the results with --output");
  const bool quiet = options.has("quiet");

  const costs::Tables tables = chosen_tables(options);
  exploration::Inputs inputs(options.path("data"));
  exploration::PointsOptions how = points_options(options, tables, inputs);
  const exploration::Sweep sweep = exploration::load_sweep(options.argument(0), tables);
  require_writable(*output);
  const std::filesystem::path store = options.path("store").value_or(*output / "points");
  const exploration::Stores stores = open_stores(store, store / "networks");
  const exploration::SweepOutcome outcome = [&] {
    Progress progress(!quiet);
    how.progress = [&](std::size_t finished, std::size_t to_run) { progress.update(finished, to_run); };
    return exploration::run_sweep(sweep, stores, how);
  }();
  if (outcome.interrupted) {
    terminal::say(fmt::format(
        "lutra: interrupted after {} points; they are stored, and the same call goes on from there\n", outcome.ran));
    return exit_interrupted;
  }
  write_file(*output / "sweep.csv", exploration::to_csv(sweep, outcome));
  write_file(*output / "sweep.jsonl", exploration::to_json_lines(sweep, outcome));
  if (!quiet) {
    terminal::print(plain_lines(exploration::to_report(sweep, outcome)));
    terminal::say(fmt::format("{} points ran now, {} results were stored before\n", outcome.ran, outcome.stored));
  }
  refuse_failures(sweep, outcome);
  return exit_success;
}

}  // namespace lutra::cli
