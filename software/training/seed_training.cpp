#include "software/training/seed_training.h"

#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/common/process/child_pool.h"
#include "software/common/terminal/progress_bar.h"
#include "software/training/export.h"
#include "software/training/output_folder.h"
#include "software/training/seeds/seed_runs.h"

namespace lutra::training {

namespace {

void require_same_recipe(const TrainingFile& training, const std::filesystem::path& folder) {
  std::error_code ignored;
  if (std::filesystem::exists(OutputFolder{folder}.recipe(), ignored)) open_output(folder, training);
}

std::string train_one(const TrainingFile& training, TrainOptions options, const std::filesystem::path& folder,
                      bool allow_difference) {
  options.places.others = folder_around(options.places.output);
  options.places.output = folder;
  options.is_quiet = true;
  if (!train(training, options)) throw Error("interrupted");
  const ExportReport report = export_trained(training, options, std::nullopt);
  if (!report.agrees() && !allow_difference) throw Error(report.disagreement());
  return "";
}

}  // namespace

bool train_seeds(const TrainingFile& training, const TrainOptions& options, const std::vector<std::uint64_t>& seeds,
                 std::size_t jobs, bool allow_difference) {
  const auto folder = [&](std::uint64_t seed) { return seed_folder(options.places.output, seed); };
  std::vector<TrainingFile> trainings;
  for (const std::uint64_t seed : seeds) {
    trainings.push_back(with_seed(training, seed));
    require_same_recipe(trainings.back(), folder(seed));
  }
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < seeds.size(); ++i)
    if (!is_finished(folder(seeds[i]))) left.push_back(i);

  terminal::ProgressBar bar(!options.is_quiet);
  std::string failures;
  std::size_t done = 0;
  ChildTasks tasks;
  const auto next = count_up(left.size());
  tasks.next = [&] {
    if (done == 0) bar.update("seeds", seeds.size() - left.size(), seeds.size());
    return next();
  };
  tasks.work = [&](std::size_t task) {
    return train_one(trainings[left[task]], options, folder(seeds[left[task]]), allow_difference);
  };
  tasks.finished = [&](std::size_t task, const ChildAnswer& answer) {
    if (answer.failed)
      failures += fmt::format("{}seed {}: {}", failures.empty() ? "" : "\n", seeds[left[task]], answer.text);
    bar.update("seeds", seeds.size() - left.size() + ++done, seeds.size());
  };
  if (!run_in_children(tasks, std::min(jobs, std::max<std::size_t>(left.size(), 1)))) return false;
  bar.clear();
  if (!failures.empty()) throw Error(failures);
  return true;
}

}  // namespace lutra::training
