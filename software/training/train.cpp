#include "software/training/train.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "software/common/error.h"
#include "software/common/process/interrupt_watch.h"
#include "software/common/terminal/output.h"
#include "software/training/core/training_run.h"
#include "software/training/phase_progress.h"
#include "software/training/plot.h"
#include "software/training/setup.h"

namespace lutra::training {

namespace {

// The log of all phases, written whenever it grows.
class Log {
 public:
  Log(const OutputFolder& folder, bool is_quiet) : folder_(folder), is_quiet_(is_quiet) {}

  void add(const LogRow& row) { rows_.push_back(row); }

  void write() {
    write_log(folder_, rows_);
    if (!has_gnuplot_) return;
    has_gnuplot_ = draw_log(rows_, folder_.file("plot.svg"));
    if (!has_gnuplot_ && !is_quiet_)
      terminal::say("gnuplot cannot draw plot.svg here (apt-get install gnuplot-nox): it is left out\n");
  }

 private:
  OutputFolder folder_;
  bool is_quiet_;
  bool has_gnuplot_ = true;
  std::vector<LogRow> rows_;
};

class Trainer {
 public:
  Trainer(const TrainingFile& training, const TrainOptions& options)
      : training_(training),
        device_(choose_device(options.device)),
        lock_(options.places.output),
        folder_(open_output(options.places.output, training)),
        train_(load_images(training, options.places, network::Split::train, training.train_images)),
        test_(load_images(training, options.places, network::Split::test, training.test_images)),
        log_(folder_, options.is_quiet) {
    if (train_.size() < static_cast<std::size_t>(training.recipe.batch))
      throw Error(fmt::format("{}: recipe.batch: {} images are fewer than a batch of {}", training.file, train_.size(),
                              training.recipe.batch));
    graph_ = start_graph(training, options.places, folder_, train_);
    phases_ = make_phases(training, phase_options(training, folder_, graph_, train_));
    if (!training.teacher.empty()) {
      teacher_ = Model(teacher_graph(training, options.places, folder_), QuantisationPlan{}, 0);
      teacher_->to(device_);
    }
    std::vector<int> epochs;
    for (const Phase& phase : phases_) epochs.push_back(phase.recipe.epochs);
    progress_.emplace(epochs, !options.is_quiet);
  }

  bool run() {
    for (std::size_t phase = 0; phase < phases_.size(); ++phase)
      if (!run_phase(phase)) return false;
    log_.write();
    return true;
  }

 private:
  bool run_phase(std::size_t index) {
    const Phase& phase = phases_[index];
    progress_->start_phase(index, phase.title);
    PhaseModel made = make_model(training_, phase, graph_, device_);
    const auto type = training_.precision == Precision::bfloat16 ? torch::kBFloat16 : torch::kFloat32;
    Batches train(train_, made.pixels, static_cast<std::size_t>(phase.recipe.batch), type, device_);
    Batches test(test_, made.pixels, evaluation_batch, torch::kFloat32, device_);
    TrainingRun run;
    run.model = made.model;
    run.teacher = teacher_;
    run.recipe = phase.recipe;
    run.train = &train;
    run.test = &test;
    run.test_every = training_.test_every;
    run.checkpoint = folder_.file(phase.checkpoint).string();
    bool has_begun = false;
    int before = 0;
    const auto begin = [&] {
      if (!has_begun && before > 0) progress_->resumed(before);
      has_begun = true;
    };
    run.on_batch = [&](int epoch, std::size_t batch, std::size_t batches, double loss) {
      begin();
      progress_->batch(epoch, batch, batches, loss);
    };
    run.on_epoch = [&](const EpochFigures& figures) {
      log_.add({static_cast<int>(index) + 1, phase.title, figures});
      if (!has_begun) {
        before = figures.epoch;
        return;
      }
      progress_->epoch(figures);
      log_.write();
    };
    run.interrupted = [&] {
      lock_.require_kept();
      return watch_.came();
    };
    try {
      if (!run_training(run)) return false;
    } catch (const std::exception& error) {
      throw Error(fmt::format("{}: {}", training_.file, error.what()));
    }
    begin();
    graph_ = made.model->latent_graph();
    return true;
  }

  const TrainingFile& training_;
  torch::Device device_;
  FolderLock lock_;
  OutputFolder folder_;
  network::Dataset train_, test_;
  Log log_;
  network::Graph graph_;  // where the next phase starts
  std::vector<Phase> phases_;
  Model teacher_{nullptr};
  std::optional<PhaseProgress> progress_;
  InterruptWatch watch_;
};

}  // namespace

bool train(const TrainingFile& training, const TrainOptions& options) {
  configure_torch(training, options.threads);
  return Trainer(training, options).run();
}

}  // namespace lutra::training
