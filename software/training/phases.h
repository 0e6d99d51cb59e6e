#pragma once

#include <optional>
#include <string>
#include <vector>

#include "software/training/training_file.h"

namespace lutra::training {

// One run of the training loop.
struct Phase {
  std::string title;                    // "float", "W4 A4", ...
  std::string checkpoint;               // the file's name in the output folder
  std::optional<TrainedScheme> scheme;  // absent: float
  Recipe recipe;
};

// The lowerings, then what scheme and recipe describe. Every phase but the first goes on from the weights of the one
// before it. `options`: those of the last phase, with the bits of every layer where these were chosen; a lowering keeps
// its layers from falling below its own bits, so that a layer's bits only ever fall.
std::vector<Phase> make_phases(const TrainingFile& training, const quantization::Options& options);

}  // namespace lutra::training
