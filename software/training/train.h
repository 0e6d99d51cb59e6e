#pragma once

#include <string>

#include "software/training/sources.h"
#include "software/training/training_file.h"

namespace lutra::training {

enum class DeviceChoice { automatic, cpu, cuda };

struct TrainOptions {
  Places places;
  int threads = 1;  // torch's; sums do not depend on the machine's cores as long as it stays the same
  DeviceChoice device = DeviceChoice::automatic;
  bool is_quiet = false;
};

// Runs the phases of a training that its output folder's checkpoints do not hold yet; writes checkpoints, log and plot
// after every epoch. False when SIGINT or SIGTERM came: the same call goes on from the last whole epoch. Throws Error
// for another recipe's folder and for what of the recipe cannot be trained.
bool train(const TrainingFile& training, const TrainOptions& options);

}  // namespace lutra::training
