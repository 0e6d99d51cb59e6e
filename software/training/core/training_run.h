#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "software/training/core/batches.h"
#include "software/training/core/model.h"

namespace lutra::training {

enum class Optimiser { sgd, adam };
enum class Schedule { constant, cosine, step };

// How a network is trained. Rates are per batch; the schedule moves with every batch.
struct Recipe {
  int epochs = 1;
  int batch = 128;
  Optimiser optimiser = Optimiser::sgd;
  double rate = 0.1;           // the highest learning rate
  double momentum = 0.9;       // of SGD, Nesterov's form
  double weight_decay = 1e-4;  // of convolution and linear weights alone
  Schedule schedule = Schedule::cosine;
  double warm_up = 0;              // epochs of a linear rise from zero
  std::vector<double> milestones;  // epochs at which the step schedule multiplies the rate by `factor`
  double factor = 0.1;
  double label_smoothing = 0;
  double distillation = 0;  // share of the loss that compares with the teacher's outputs (Hinton et al. 2015)
  double temperature = 4;   // of that comparison
  Augmentation augmentation;
  std::uint64_t seed = 1;
};

double learning_rate(const Recipe& recipe, double epoch);  // epoch counts from 0 and has a fraction

struct EpochFigures {
  int epoch = 0;              // done so far
  double rate = 0;            // at its end
  double loss = 0;            // mean over its batches
  double train_accuracy = 0;  // of 0..1, on the augmented images as they went by
  double test_accuracy = -1;  // negative: not measured
  double seconds = 0;
  double images_per_second = 0;  // of training alone
};

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
bool train(TrainingRun& run);

}  // namespace lutra::training
