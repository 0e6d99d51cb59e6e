#pragma once

#include <cstdint>

namespace lutra::training {

// One pass each over pixels of `channels` values, channels innermost: what batch normalisation, addition and (P)ReLU
// come down to on a CPU. Values are float, or bfloat16 as its bits. `skip` may be null.

using Bfloat16Bits = std::uint16_t;  // a bfloat16 by its bits

struct Pixels {
  std::int64_t count;
  std::int64_t channels;
};

// sum[c] += x; squares[c] += x^2
void sum_channels(const float* x, Pixels pixels, double* sum, double* squares);
void sum_channels(const Bfloat16Bits* x, Pixels pixels, double* sum, double* squares);

// y = max(v, 0) + slope[c] * min(v, 0) with v = x * factor[c] + offset[c] + skip
void scale_add_leak(const float* x, const float* skip, const float* factor, const float* offset, const float* slope,
                    Pixels pixels, float* y);
void scale_add_leak(const Bfloat16Bits* x, const Bfloat16Bits* skip, const float* factor, const float* offset,
                    const float* slope, Pixels pixels, Bfloat16Bits* y);

// g = upstream where y > 0, else slope[c] * upstream; sum[c] += g; products[c] += g * (x - mean[c]); leaked[c] +=
// upstream * min(y, 0)
void leak_gradient(const float* upstream, const float* y, const float* x, const float* mean, const float* slope,
                   Pixels pixels, float* g, double* sum, double* products, double* leaked);
void leak_gradient(const Bfloat16Bits* upstream, const Bfloat16Bits* y, const Bfloat16Bits* x, const float* mean,
                   const float* slope, Pixels pixels, Bfloat16Bits* g, double* sum, double* products, double* leaked);

// dx = g * of_gradient[c] + x * of_input[c] + offset[c]
void combine_gradient(const float* g, const float* x, const float* of_gradient, const float* of_input,
                      const float* offset, Pixels pixels, float* dx);
void combine_gradient(const Bfloat16Bits* g, const Bfloat16Bits* x, const float* of_gradient, const float* of_input,
                      const float* offset, Pixels pixels, Bfloat16Bits* dx);

}  // namespace lutra::training
