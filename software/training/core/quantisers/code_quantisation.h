#pragma once

#include <torch/torch.h>

namespace lutra::training {

// y = step * levels[q - low] with q = round half up (clamp(x / step, low, high)); levels [high - low + 1] are in units
// of the step and, where `is_even`, the codes themselves. Straight-through for x where it is not clamped. Gradients of
// the step as in LSQ (Esser et al., ICLR 2020), sum of upstream * (level - x / step inside), times `step_factor`; of
// each level, step * the sum of upstream where it is used. step: one element; all float32 but x, which y is like.
torch::Tensor quantise_to_levels(const torch::Tensor& x, const torch::Tensor& step, const torch::Tensor& levels,
                                 int low, int high, bool is_even, double step_factor);

}  // namespace lutra::training
