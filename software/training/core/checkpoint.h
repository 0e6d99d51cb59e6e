#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "software/training/core/epoch_figures.h"
#include "software/training/core/model.h"

namespace lutra::training {

// Where an epoch was computed.
struct Origin {
  std::string torch;         // version
  std::string device;        // kind, without its number
  std::int64_t threads = 0;  // 0: not known

  bool operator==(const Origin&) const = default;
};

Origin this_origin(const torch::Device& device);

// Writes the model's parameters and buffers, the optimiser's state, the figures of the epochs so far and this_origin()
// to a temporary name beside `file`, then renames it.
void save_checkpoint(const std::string& file, Model& model, torch::optim::Optimizer& optimiser,
                     const std::vector<EpochFigures>& epochs);

// Onto the model's device, whichever wrote it. False when the file does not exist. Throws std::runtime_error naming the
// file when it holds something else than what this model and optimiser save.
bool load_checkpoint(const std::string& file, Model& model, torch::optim::Optimizer* optimiser,
                     std::vector<EpochFigures>& epochs);

// Of the file's last epoch; empty in files of before it was kept. Throws as load_checkpoint does.
Origin load_origin(const std::string& file);

}  // namespace lutra::training
