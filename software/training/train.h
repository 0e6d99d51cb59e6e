#pragma once

#include "software/training/train_options.h"
#include "software/training/training_file.h"

namespace lutra::training {

// Runs the phases of a training that its output folder's checkpoints do not hold yet; writes checkpoints, log and plot
// after every epoch. False when SIGINT or SIGTERM came: the same call goes on from the last whole epoch. Throws Error
// for another recipe's folder and for what of the recipe cannot be trained.
bool train(const TrainingFile& training, const TrainOptions& options);

}  // namespace lutra::training
