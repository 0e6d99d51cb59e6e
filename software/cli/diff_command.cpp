#include "software/cli/command.h"
#include "software/cli/shared_options.h"
#include "software/common/terminal/output.h"
#include "software/exploration/diff/diff.h"

namespace lutra::cli {

namespace {

constexpr std::uint64_t few_images = 100;
constexpr std::uint64_t most_compared_images = 10'000'000;

}  // namespace

CommandLine diff_options() {
  CommandLine options("diff <scenario> [options]",
                      "Runs what the scenario's quantised file says of itself, in double precision, beside the "
                      "integers that were taken\n"
                      "from it: tensor by tensor, where they differ first, and the answers that differ.",
                      {"scenario"});
  options.value("data", "DIR", "folder of data sets and models");
  add_costs_option(options);
  options.value("images", "N", "test images (default: 100)");
  options.repeated("set", "KEY=VALUE", "another value for a key of the scenario; may be repeated");
  return options;
}

int diff_command(const CommandLine& options) {
  if (options.argument(0).empty()) throw UsageError("diff: name a scenario");
  const costs::Tables tables = chosen_tables(options);
  const scenario::Scenario scenario = chosen_scenario(options, options.argument(0), tables);
  exploration::Inputs inputs(options.path("data"));
  const std::size_t images = options.count("images", 1, most_compared_images).value_or(few_images);
  terminal::print(plain_lines(exploration::to_text(exploration::diff(scenario, inputs, images))));
  return exit_success;
}

}  // namespace lutra::cli
