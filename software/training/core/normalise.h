#pragma once

#include <torch/torch.h>

namespace lutra::training {

// The running statistics of a batch normalisation: buffers, updated in training.
struct RunningStatistics {
  torch::Tensor mean, variance;
  double momentum = 0.1;  // of the newest batch
  double epsilon = 1e-5;
};

// y = max(0, scale * (x - mean) / sqrt(variance + epsilon) + bias + skip), per channel; mean and variance are the
// batch's in training. x and skip: [image][channel][row][column]; `skip` may be undefined. One differentiable step: on
// a CPU, with channels innermost in memory, a quarter of the passes over x that its parts would take.
torch::Tensor normalise_relu(const torch::Tensor& x, const torch::Tensor& scale, const torch::Tensor& bias,
                             const torch::Tensor& skip, RunningStatistics& statistics, bool training);

}  // namespace lutra::training
