#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

#include "software/cli/command.h"
#include "software/common/error.h"
#include "software/common/files.h"
#include "software/common/parse_whole.h"
#include "software/common/terminal/output.h"
#include "software/training/command_lines.h"
#include "software/training/seeds/seed_report.h"

namespace lutra::cli {

namespace {

constexpr const char* program = "lutra-train";  // apart, so that nothing else loads libtorch

std::filesystem::path own_folder() {
  std::error_code failure;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", failure);
  return failure ? std::filesystem::path() : self.parent_path();
}

// Becomes the program beside this one: installed, in the build tree, or in PATH.
int become_trainer(const char* command, const Arguments& arguments) {
  std::vector<std::string> words{program, command};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const std::filesystem::path folder = own_folder();
  for (const std::filesystem::path& place : {folder / program, folder / "../training" / program}) {
    std::error_code ignored;
    if (!std::filesystem::exists(place, ignored)) continue;
    ::execv(place.c_str(), pointers.data());
    throw Error(fmt::format("{}: cannot be started: {}", place.string(), std::strerror(errno)));
  }
  ::execvp(program, pointers.data());
  throw Error(
      fmt::format("'lutra {}' is not here: this Lutra was built without libtorch. Install it (apt-get install "
                  "libtorch-dev; ./setup.sh does) and build again",
                  command));
}

double chosen_difference(const CommandLine& options) {
  const auto given = options.text("difference");
  double points = training::default_difference;
  if (given && !(parse_whole(*given, points) && points >= 0.01 && points <= 100))
    throw UsageError(fmt::format("seeds: --difference {}: give a number from 0.01 to 100", *given));
  return points;
}

}  // namespace

CommandLine train_options() { return training::train_command_line(); }

int train_command(const CommandLine& options) { return become_trainer("train", options.given()); }

CommandLine export_options() { return training::export_command_line(); }

int export_command(const CommandLine& options) { return become_trainer("export", options.given()); }

CommandLine seeds_options() {
  CommandLine options(
      "seeds <DIR> [DIR] [options]",
      "What the trainings of 'lutra train --seeds' came to: mean, deviation and interval; of two recipes also the\n"
      "difference seed by seed, whether it is more than chance, and how many seeds it would take to see one.",
      {"folder", "other"});
  options.value("difference", "POINTS", "the difference to see, 0.01 to 100 (default: 0.5)");
  options.value("output", "FILE", "write the figures there, as JSON");
  options.flag("quiet", "print errors only");
  return options;
}

int seeds_command(const CommandLine& options) {
  if (options.argument(0).empty()) throw UsageError("seeds: name the folder of a 'lutra train --seeds'");
  const double difference = chosen_difference(options);
  const training::SeedRuns left = training::read_seed_runs(options.argument(0));
  std::optional<training::SeedRuns> right;
  if (!options.argument(1).empty()) right = training::read_seed_runs(options.argument(1));
  const std::string text = right ? training::seed_comparison(left, *right, difference) : training::seed_report(left);
  if (const auto output = options.path("output"))
    write_file(*output, training::seed_json(left, right ? &*right : nullptr, difference));
  if (!options.has("quiet")) terminal::print(text);
  return exit_success;
}

}  // namespace lutra::cli
