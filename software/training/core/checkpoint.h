#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "software/training/core/training_run.h"

namespace lutra::training {

// Writes the model's parameters and buffers, the optimiser's state and the figures of the epochs so far to a temporary
// name beside `file`, then renames it.
void save_checkpoint(const std::string& file, Model& model, torch::optim::Optimizer& optimiser,
                     const std::vector<EpochFigures>& epochs);

// Onto the model's device, whichever wrote it. False when there is no such file. Throws std::runtime_error naming the
// file when it holds something else than what this model and optimiser save.
bool load_checkpoint(const std::string& file, Model& model, torch::optim::Optimizer* optimiser,
                     std::vector<EpochFigures>& epochs);

}  // namespace lutra::training
