#pragma once

#include <cstdint>

#include "software/training/core/channel_kernels.h"

namespace lutra::training {

// A value's place on the grid of codes: q = round half up (clamp(x * inverse, low, high)), and what codes stand for:
// y = levels[q - low]. What is not a number stays so.
struct CodeGrid {
  float inverse;  // 1 / step
  float low, high;
  const float* levels;  // high - low + 1 values, at most 16 where they are not even
  bool is_even;         // levels[q - low] = q * step
  float step;
};

// y of `count` values.
void quantise(const float* x, std::int64_t count, const CodeGrid& grid, float* y);
void quantise(const Bfloat16Bits* x, std::int64_t count, const CodeGrid& grid, Bfloat16Bits* y);

// g = upstream where low <= x * inverse <= high, else 0; returns the sums that the gradients of step and levels need:
// inside += upstream * x * inverse where the value is inside; of_codes[q - low] += upstream.
void quantise_gradient(const float* upstream, const float* x, std::int64_t count, const CodeGrid& grid, float* g,
                       double& inside, double* of_codes);
void quantise_gradient(const Bfloat16Bits* upstream, const Bfloat16Bits* x, std::int64_t count, const CodeGrid& grid,
                       Bfloat16Bits* g, double& inside, double* of_codes);

// As above for even levels: the sum of upstream * q instead of one per code.
void quantise_gradient_even(const float* upstream, const float* x, std::int64_t count, const CodeGrid& grid, float* g,
                            double& inside, double& of_codes);
void quantise_gradient_even(const Bfloat16Bits* upstream, const Bfloat16Bits* x, std::int64_t count,
                            const CodeGrid& grid, Bfloat16Bits* g, double& inside, double& of_codes);

}  // namespace lutra::training
