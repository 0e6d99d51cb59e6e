#pragma once

#include <stdint.h>

namespace lutra::runtime {

// Contiguous runs of input under one window: run i starts at offsets[i] from the window's first element.
struct Segments {
  const int32_t* offsets = nullptr;
  uint32_t count = 0;
  uint32_t length = 0;
};

namespace detail {

template <int... i>
struct Indices {};

template <typename Body, int... i>
[[gnu::always_inline]] inline void repeat(Body body, Indices<i...>) {
  (body.template operator()<i>(), ...);
}

// body<0>(), body<1>(), ..., body<N - 1>(): a loop whose arrays the compiler keeps in registers.
template <int N, typename Body>
[[gnu::always_inline]] inline void repeat(Body body) {
  repeat(body, Indices<__integer_pack(N)...>{});
}

// Hides from the optimiser how a value came about: a pointer stays in a register of its own, and a step of an unrolled
// loop is done before the next begins, instead of spilling the operands of both.
template <typename T>
[[gnu::always_inline]] inline void settle(T& value) {
  asm volatile("" : "+r"(value));
}

// K x P sums in registers.
template <int K, int P, typename Input>
struct Block {
  int32_t sums[P][K] = {};

  // sums[p][k] += inputs[p][n] * weights[n * K + k] for n in [0, N).
  template <int N>
  [[gnu::always_inline]] void add(const Input* const (&inputs)[P], const int8_t* weights) {
    repeat<N>([&]<int n>() __attribute__((always_inline)) {
      int32_t values[P];
      repeat<P>([&]<int p>() __attribute__((always_inline)) { values[p] = inputs[p][n]; });
      repeat<K>([&]<int k>() __attribute__((always_inline)) {
        const int32_t weight = weights[n * K + k];
        repeat<P>([&]<int p>() __attribute__((always_inline)) {
          sums[p][k] += weight * values[p];
          settle(sums[p][k]);
        });
      });
    });
  }
};

}  // namespace detail

// Dot products of K output channels with P output pixels; pixel p's window starts at inputs + p * input_step, and the
// channels' weights are interleaved:
//   sums[p * sums_step + k] = sum(input element n of pixel p * weights[n * K + k]).
// Channels and pixels of a block share their loads, which cost a two-stage hart twice what an addition does.
template <int K, int P, typename Input>
void dot(const Input* inputs, uint32_t input_step, const Segments& segments, const int8_t* weights, int32_t* sums,
         uint32_t sums_step) {
  using detail::repeat;
  constexpr int unrolled = 4;
  detail::Block<K, P, Input> block;
  for (uint32_t i = 0; i < segments.count; ++i) {
    const Input* input[P];
    repeat<P>([&]<int p>() __attribute__((always_inline)) {
      input[p] = inputs + segments.offsets[i] + p * input_step;
      detail::settle(input[p]);
    });
    const int8_t* end = weights + segments.length / unrolled * unrolled * K;
    while (weights != end) {
      block.template add<unrolled>(input, weights);
      repeat<P>([&]<int p>() __attribute__((always_inline)) { input[p] += unrolled; });
      weights += unrolled * K;
    }
    end += segments.length % unrolled * K;
    while (weights != end) {
      block.template add<1>(input, weights);
      repeat<P>([&]<int p>() __attribute__((always_inline)) { ++input[p]; });
      weights += K;
    }
  }
  repeat<P>([&]<int p>() __attribute__((always_inline)) {
    repeat<K>([&]<int k>() __attribute__((always_inline)) { sums[p * sums_step + k] = block.sums[p][k]; });
  });
}

}  // namespace lutra::runtime
