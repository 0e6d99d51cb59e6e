#pragma once

#include <torch/torch.h>

namespace lutra::training {

// The running statistics of a batch normalisation: buffers, updated in training.
struct RunningStatistics {
  torch::Tensor mean, variance;
  double momentum = 0.1;  // of the newest batch
  double epsilon = 1e-5;
};

// y = max(v, 0) + slope * min(v, 0) with v = scale * (x - mean) / sqrt(variance + epsilon) + bias + skip, per channel;
// mean and variance are the batch's in training. x and skip: [image][channel][row][column]; `skip` may be undefined.
// slope [channel]: zeros for a ReLU, ones for none; above zero where it is learned. One differentiable step: on a CPU,
// with channels innermost in memory, a quarter of the passes over x that its parts would take.
torch::Tensor normalise_leak(const torch::Tensor& x, const torch::Tensor& scale, const torch::Tensor& bias,
                             const torch::Tensor& skip, const torch::Tensor& slope, RunningStatistics& statistics,
                             bool training);

}  // namespace lutra::training
