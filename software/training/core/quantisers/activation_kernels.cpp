#include "software/training/core/quantisers/activation_kernels.h"

#include <algorithm>

#include "software/training/core/kernel_values.h"

namespace lutra::training {

namespace {

constexpr std::int64_t lanes = 64;
constexpr int most_levels = 16;

// std::max yields its first argument where one is not a number: so these are clamped to the lowest code, from 0, and
// zero_or_nan() keeps them visible.
LUTRA_INLINE int code_of(float scaled, const CodeGrid& grid) {
  const float clamped = std::min(std::max(grid.low, scaled), grid.high);
  return static_cast<int>(clamped - grid.low + 0.5F);
}

LUTRA_INLINE float zero_or_nan(float scaled, const CodeGrid& grid) {
  const float clamped = std::min(std::max(scaled, grid.low), grid.high);
  return clamped - clamped;
}

template <typename T>
LUTRA_INLINE void quantise_of(const T* __restrict x, std::int64_t count, const CodeGrid& grid, T* __restrict y) {
  if (grid.is_even) {
    for (std::int64_t i = 0; i < count; ++i) {
      const float scaled = widen(x[i]) * grid.inverse;
      narrow((static_cast<float>(code_of(scaled, grid)) + grid.low) * grid.step + zero_or_nan(scaled, grid), y[i]);
    }
  } else {
    const float* __restrict levels = grid.levels;
    for (std::int64_t i = 0; i < count; ++i) {
      const float scaled = widen(x[i]) * grid.inverse;
      narrow(levels[code_of(scaled, grid)] + zero_or_nan(scaled, grid), y[i]);
    }
  }
}

template <typename T>
LUTRA_INLINE float passed(const T& upstream, float scaled, const CodeGrid& grid) {
  return scaled >= grid.low && scaled <= grid.high ? widen(upstream) : 0.0F;
}

template <typename T>
LUTRA_INLINE void gradient_even_of(const T* __restrict upstream, const T* __restrict x, std::int64_t count,
                                   const CodeGrid& grid, T* __restrict g, double& inside, double& of_codes) {
  float sums[lanes] = {};
  float codes[lanes] = {};
  const std::int64_t whole = count / lanes * lanes;
  for (std::int64_t i = 0; i < whole; i += lanes)
    for (std::int64_t k = 0; k < lanes; ++k) {
      const float scaled = widen(x[i + k]) * grid.inverse;
      const float pass = passed(upstream[i + k], scaled, grid);
      narrow(pass, g[i + k]);
      sums[k] += pass * scaled;
      codes[k] += widen(upstream[i + k]) * (static_cast<float>(code_of(scaled, grid)) + grid.low);
    }
  for (std::int64_t i = whole; i < count; ++i) {
    const float scaled = widen(x[i]) * grid.inverse;
    const float pass = passed(upstream[i], scaled, grid);
    narrow(pass, g[i]);
    sums[i - whole] += pass * scaled;
    codes[i - whole] += widen(upstream[i]) * (static_cast<float>(code_of(scaled, grid)) + grid.low);
  }
  for (std::int64_t k = 0; k < lanes; ++k) {
    inside += static_cast<double>(sums[k]);
    of_codes += static_cast<double>(codes[k]);
  }
}

// The sums by code: of each strip the codes first, then one masked sum per code, which needs no scattered stores.
template <typename T>
LUTRA_INLINE void gradient_of(const T* __restrict upstream, const T* __restrict x, std::int64_t count,
                              const CodeGrid& grid, T* __restrict g, double& inside, double* __restrict of_codes) {
  const int codes = static_cast<int>(grid.high - grid.low) + 1;
  float sums[lanes] = {};
  float used[most_levels][lanes] = {};
  int chosen[lanes];
  float up[lanes];
  const std::int64_t whole = count / lanes * lanes;
  for (std::int64_t i = 0; i < whole; i += lanes) {
    for (std::int64_t k = 0; k < lanes; ++k) {
      const float scaled = widen(x[i + k]) * grid.inverse;
      const float pass = passed(upstream[i + k], scaled, grid);
      narrow(pass, g[i + k]);
      sums[k] += pass * scaled;
      up[k] = widen(upstream[i + k]);
      chosen[k] = code_of(scaled, grid);
    }
    for (int code = 0; code < codes; ++code)
      for (std::int64_t k = 0; k < lanes; ++k) used[code][k] += chosen[k] == code ? up[k] : 0.0F;
  }
  for (std::int64_t i = whole; i < count; ++i) {
    const float scaled = widen(x[i]) * grid.inverse;
    const float pass = passed(upstream[i], scaled, grid);
    narrow(pass, g[i]);
    inside += static_cast<double>(pass * scaled);
    of_codes[code_of(scaled, grid)] += static_cast<double>(widen(upstream[i]));
  }
  for (std::int64_t k = 0; k < lanes; ++k) {
    inside += static_cast<double>(sums[k]);
    for (int code = 0; code < codes; ++code) of_codes[code] += static_cast<double>(used[code][k]);
  }
}

}  // namespace

LUTRA_PER_CPU void quantise(const float* x, std::int64_t count, const CodeGrid& grid, float* y) {
  quantise_of(x, count, grid, y);
}
LUTRA_PER_CPU void quantise(const Bfloat16Bits* x, std::int64_t count, const CodeGrid& grid, Bfloat16Bits* y) {
  quantise_of(x, count, grid, y);
}
LUTRA_PER_CPU void quantise_gradient(const float* upstream, const float* x, std::int64_t count, const CodeGrid& grid,
                                     float* g, double& inside, double* of_codes) {
  gradient_of(upstream, x, count, grid, g, inside, of_codes);
}
LUTRA_PER_CPU void quantise_gradient(const Bfloat16Bits* upstream, const Bfloat16Bits* x, std::int64_t count,
                                     const CodeGrid& grid, Bfloat16Bits* g, double& inside, double* of_codes) {
  gradient_of(upstream, x, count, grid, g, inside, of_codes);
}
LUTRA_PER_CPU void quantise_gradient_even(const float* upstream, const float* x, std::int64_t count,
                                          const CodeGrid& grid, float* g, double& inside, double& of_codes) {
  gradient_even_of(upstream, x, count, grid, g, inside, of_codes);
}
LUTRA_PER_CPU void quantise_gradient_even(const Bfloat16Bits* upstream, const Bfloat16Bits* x, std::int64_t count,
                                          const CodeGrid& grid, Bfloat16Bits* g, double& inside, double& of_codes) {
  gradient_even_of(upstream, x, count, grid, g, inside, of_codes);
}

}  // namespace lutra::training
