#pragma once

#include <torch/torch.h>

#include "software/training/core/batches.h"
#include "software/training/output_folder.h"
#include "software/training/quantised_model.h"
#include "software/training/train_options.h"

namespace lutra::training {

// Threads, seed and memory of this process.
void configure_torch(const TrainingFile& training, int threads);

// Throws Error for CUDA where torch sees none.
torch::Device choose_device(DeviceChoice choice);

// Where the first phase starts: the folder's start.onnx; else what the recipe names, saved there if it is a model.
network::Graph start_graph(const TrainingFile& training, const Places& places, const OutputFolder& folder,
                           const network::Dataset& images);

// The folder's teacher.onnx; else what the recipe names, saved there.
network::Graph teacher_graph(const TrainingFile& training, const Places& places, const OutputFolder& folder);

// The last phase's options: from the folder's layers.yaml; else as complete_options() has them, saved there.
quantization::Options phase_options(const TrainingFile& training, const OutputFolder& folder,
                                    const network::Graph& start, const network::Dataset& calibration);

struct PhaseModel {
  Model model{nullptr};
  PixelTable pixels;
};

// A phase's network on the device, untrained.
PhaseModel make_model(const TrainingFile& training, const Phase& phase, const network::Graph& graph,
                      torch::Device device);

}  // namespace lutra::training
