#include <fmt/format.h>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/common/terminal/output.h"
#include "software/common/terminal/run_main.h"
#include "software/training/command_lines.h"
#include "software/training/export.h"
#include "software/training/output_folder.h"
#include "software/training/seed_training.h"
#include "software/training/seeds/seed_report.h"
#include "software/training/train.h"

// The program behind 'lutra train' and 'lutra export'.

namespace lutra::training {

namespace {

using terminal::Arguments;
using terminal::UsageError;

TrainOptions read_shared_options(const terminal::CommandLine& options, const std::filesystem::path& output) {
  constexpr std::uint64_t most_threads = 1024;
  TrainOptions result;
  result.places = {options.path("data"), output, std::nullopt};
  result.threads = static_cast<int>(options.count("threads", 1, most_threads).value_or(1));
  const std::string device = options.text("device").value_or("auto");
  result.device = device == "cpu" ? DeviceChoice::cpu : device == "cuda" ? DeviceChoice::cuda : DeviceChoice::automatic;
  result.is_quiet = options.has("quiet");
  return result;
}

void print(const ExportReport& report) {
  if (report.epochs < report.epochs_wanted)
    terminal::print(fmt::format("after {} of {} epochs\n", report.epochs, report.epochs_wanted));
  terminal::print(fmt::format("{}\n", report.file.string()));
  terminal::print(fmt::format(
      "accuracy over {} test images: {:.2f} % in the trainer, {:.2f} % with the file's rescaling, {:.2f} % in the "
      "reference executor, which answers {} images differently\n",
      report.images, report.trainer_accuracy, report.rescaled_accuracy, report.reference_accuracy,
      report.other_answers));
}

int export_and_print(const TrainingFile& training, const TrainOptions& how,
                     const std::optional<std::filesystem::path>& file, const terminal::CommandLine& options) {
  const ExportReport report = export_trained(training, how, file);
  if (!how.is_quiet) print(report);
  if (report.agrees() || options.has("allow-difference")) return terminal::exit_success;
  throw Error(report.disagreement());
}

int interrupted() {
  terminal::say("lutra: interrupted; the same call goes on from the last whole epoch\n");
  return terminal::exit_interrupted;
}

std::vector<std::uint64_t> chosen_seeds(const std::string& written, std::uint64_t first) {
  if (const auto seeds = read_seeds(written, first)) return *seeds;
  throw UsageError(
      fmt::format("train: --seeds {}: give a number of seeds from 1 to {} (the recipe's is the first), or the "
                  "first and the last: 1-7",
                  written, most_seeds));
}

int train_with_seeds(const TrainingFile& training, const TrainOptions& how, const std::vector<std::uint64_t>& seeds,
                     const terminal::CommandLine& options) {
  constexpr std::uint64_t most_jobs = 1024;
  if (options.has("no-export")) throw UsageError("train: --seeds compares what is exported; leave --no-export out");
  const auto jobs = static_cast<std::size_t>(options.count("jobs", 1, most_jobs).value_or(1));
  if (!train_seeds(training, how, seeds, jobs, options.has("allow-difference"))) return interrupted();
  const SeedRuns runs = read_seed_runs(how.places.output);
  write_file(how.places.output / "seeds.json", seed_json(runs, nullptr, default_difference));
  if (!how.is_quiet) terminal::print(seed_report(runs));
  return terminal::exit_success;
}

int train_command(const Arguments& arguments) {
  terminal::CommandLine options = train_command_line();
  if (!options.parse(arguments)) return terminal::exit_success;
  if (options.argument(0).empty())
    throw UsageError(fmt::format("train: name a recipe; Lutra carries: {}", fmt::join(carried_trainings(), ", ")));
  const auto output = options.path("output");
  if (!output) throw UsageError("train: name the folder for the results with --output");
  const TrainOptions how = read_shared_options(options, *output);
  const TrainingFile training = load_training(options.argument(0));
  if (const auto written = options.text("seeds"))
    return train_with_seeds(training, how, chosen_seeds(*written, training.recipe.seed), options);
  if (options.has("jobs")) throw UsageError("train: --jobs goes with --seeds");
  if (!train(training, how)) return interrupted();
  return options.has("no-export") ? terminal::exit_success : export_and_print(training, how, std::nullopt, options);
}

int export_command(const Arguments& arguments) {
  terminal::CommandLine options = export_command_line();
  if (!options.parse(arguments)) return terminal::exit_success;
  const std::filesystem::path folder = options.argument(0);
  if (folder.empty()) throw UsageError("export: name the folder of a training");
  const TrainOptions how = read_shared_options(options, folder);
  const std::filesystem::path recipe = OutputFolder{folder}.recipe();
  if (!std::filesystem::exists(recipe))
    throw Error(fmt::format("{}: the file does not exist; 'lutra train' makes such a folder", recipe.string()));
  return export_and_print(load_training(recipe.string()), how, options.path("output"), options);
}

int dispatch(const Arguments& arguments) {
  const std::string command = arguments.empty() ? "" : arguments.front();
  const Arguments rest(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
  if (command == "train") return train_command(rest);
  if (command == "export") return export_command(rest);
  throw UsageError("this program is a part of lutra; call 'lutra train' or 'lutra export'");
}

}  // namespace

}  // namespace lutra::training

int main(int argc, char** argv) { return lutra::terminal::run_main(argc, argv, lutra::training::dispatch); }
