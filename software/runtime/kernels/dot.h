#pragma once

#include <stdint.h>

namespace lutra::runtime {

// Contiguous runs of input under one window: run i starts at offsets[i] from the window's first element.
struct Segments {
  const int32_t* offsets = nullptr;
  uint32_t count = 0;
  uint32_t length = 0;
};

// Dot products of K output channels with P output pixels:
//   sums[p * sums_step + k] = sum(inputs[p * input_step + ...] * weights[k * weight_step + ...]).
// Blocks of several channels and pixels share their loads, which cost a two-stage hart twice what an addition does.
template <int K, int P, typename Input>
void dot(const Input* inputs, uint32_t input_step, const Segments& segments, const int8_t* weights,
         uint32_t weight_step, int32_t* sums, uint32_t sums_step) {
  int32_t accumulators[P][K] = {};
  for (uint32_t i = 0; i < segments.count; ++i) {
    const Input* input[P];
    for (int p = 0; p < P; ++p) input[p] = inputs + segments.offsets[i] + p * input_step;
    const int8_t* weight[K];
    for (int k = 0; k < K; ++k) weight[k] = weights + i * segments.length + k * weight_step;
#pragma GCC unroll 4
    for (uint32_t n = 0; n < segments.length; ++n) {
      int32_t value[P];
      for (int p = 0; p < P; ++p) value[p] = input[p][n];
      for (int k = 0; k < K; ++k) {
        const int32_t factor = weight[k][n];
        for (int p = 0; p < P; ++p) accumulators[p][k] += factor * value[p];
      }
    }
  }
  for (int p = 0; p < P; ++p)
    for (int k = 0; k < K; ++k) sums[p * sums_step + k] = accumulators[p][k];
}

}  // namespace lutra::runtime
