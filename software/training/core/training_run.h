#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "software/training/core/batches.h"
#include "software/training/core/epoch_figures.h"
#include "software/training/core/model.h"
#include "software/training/core/recipe.h"

namespace lutra::training {

double learning_rate(const Recipe& recipe, double epoch);  // epoch counts from 0 and has a fraction

// Correct answers of all images, in evaluation mode and float.
std::size_t count_correct(Model& model, Batches& batches);

// Torch's threads and kernels stay as the caller set them. `checkpoint`: read when it exists, so that an interrupted
// run goes on where its last epoch ended, and written (to another name, then renamed) after each epoch.
struct TrainingRun {
  Model model{nullptr};
  Model teacher{nullptr};  // for distillation; may be empty
  Recipe recipe;
  Batches* train = nullptr;
  Batches* test = nullptr;  // may be null: no test accuracy
  int test_every = 1;       // epochs; the last is always measured
  std::string checkpoint;   // file; empty: none
  std::function<void(int epoch, std::size_t batch, std::size_t batches, double loss)> on_batch;
  std::function<void(const EpochFigures&)> on_epoch;
  std::function<bool()> interrupted;  // asked after every batch
};

// False when it was interrupted; the epoch under way is then lost and all before it are in the checkpoint.
bool run_training(TrainingRun& run);

}  // namespace lutra::training
