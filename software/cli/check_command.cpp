#include <fmt/format.h>

#include "software/cli/shared_options.h"
#include "software/common/error.h"
#include "software/common/terminal/output.h"
#include "software/exploration/campaign/check.h"

namespace lutra::cli {

namespace {

constexpr const char* default_folder = "traces/golden";

// What there is to say about one scenario, in lines.
std::string verdict(const exploration::Check& check, bool updated) {
  const std::string file = check.golden.string();
  if (!check.error.empty()) return fmt::format("{}: failed: {}\n", check.scenario, check.error);
  if (!check.has_golden)
    return updated ? fmt::format("{}: {} is new\n", check.scenario, file)
                   : fmt::format("{}: {} does not exist; --update makes it\n", check.scenario, file);
  if (check.differences.empty()) return fmt::format("{}: as {}\n", check.scenario, file);
  std::string text = fmt::format("{}: {} figures {} {}\n", check.scenario, check.differences.size(),
                                 updated ? "changed in" : "differ from", file);
  for (const result::Difference& difference : check.differences) text += fmt::format("  {}\n", difference.text());
  return text;
}

}  // namespace

CommandLine check_options() {
  CommandLine options("check [scenario...] [options]",
                      "Runs scenarios (default: all that have a golden result) and compares what they find with their "
                      "golden results,\n"
                      "exactly. Any difference, a missing golden result or a failed run is an error. "
                      "traces/golden/README.md tells more.",
                      {"scenario..."});
  options.value("golden", "DIR", "folder of the golden results (default: traces/golden)");
  add_points_options(options);
  options.flag("update", "make the golden results what the scenarios find now");
  return options;
}

int check_command(const CommandLine& options) {
  const costs::Tables tables = chosen_tables(options);
  exploration::Inputs inputs(options.path("data"));
  const std::filesystem::path golden = options.path("golden").value_or(default_folder);
  const bool update = options.has("update");
  std::vector<std::string> scenarios = options.texts("scenario...");
  if (scenarios.empty()) scenarios = exploration::golden_scenarios(golden);
  const auto checks = exploration::check_scenarios(scenarios, golden, update, points_options(options, tables, inputs));
  if (checks.empty()) {
    terminal::say("lutra: interrupted\n");
    return exit_interrupted;
  }
  std::size_t bad = 0;
  for (const exploration::Check& check : checks) {
    terminal::print(plain_lines(verdict(check, update)));
    if (update ? !check.error.empty() : !check.as_golden()) ++bad;
  }
  if (bad > 0)
    throw Error(update
                    ? fmt::format("{} of {} scenarios failed; their golden results are as before", bad, checks.size())
                    : fmt::format("{} of {} scenarios are not as their golden results", bad, checks.size()));
  return exit_success;
}

}  // namespace lutra::cli
