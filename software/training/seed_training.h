#pragma once

#include <cstdint>
#include <vector>

#include "software/training/train.h"

namespace lutra::training {

// Trains the recipe with each seed in seed_folder(options.places.output, seed) and exports what comes out, at most
// `jobs` of them at a time, each in a process of its own; a seed whose export is there is not trained again. False when
// SIGINT or SIGTERM came. Throws Error, before anything is trained, where a folder holds another recipe's training;
// where some seeds fail, when all others have ended, naming them.
bool train_seeds(const TrainingFile& training, const TrainOptions& options, const std::vector<std::uint64_t>& seeds,
                 std::size_t jobs, bool allow_difference);

}  // namespace lutra::training
