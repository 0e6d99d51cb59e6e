#include "software/reference/float/float_executor_matrix.h"

#include <cstddef>
#include <cstring>

namespace lutra::reference {

namespace {

using Vector4 [[gnu::vector_size(16)]] = float;
using Vector8 [[gnu::vector_size(32)]] = float;

template <typename Vector, int rows>
[[gnu::always_inline]] inline void multiply(const float* left, const float* right, int depth, float* sums) {
  constexpr int lanes = sizeof(Vector) / sizeof(float);
  for (int column = 0; column < panel_columns; column += 2 * lanes) {
    Vector sum[rows][2] = {};
    for (int k = 0; k < depth; ++k) {
      Vector low;
      Vector high;
      const float* columns = right + std::ptrdiff_t{k} * panel_columns + column;
      std::memcpy(&low, columns, sizeof low);
      std::memcpy(&high, columns + lanes, sizeof high);
#pragma GCC unroll 4
      for (int row = 0; row < rows; ++row) {
        const float factor = left[std::ptrdiff_t{k} * rows + row];
        sum[row][0] += factor * low;
        sum[row][1] += factor * high;
      }
    }
#pragma GCC unroll 4
    for (int row = 0; row < rows; ++row) {
      std::memcpy(sums + row * panel_columns + column, &sum[row][0], sizeof(Vector));
      std::memcpy(sums + row * panel_columns + column + lanes, &sum[row][1], sizeof(Vector));
    }
  }
}

#if defined(__x86_64__)
[[gnu::target("avx")]] void multiply_panel_avx(const float* left, int rows, const float* right, int depth,
                                               float* sums) {
  rows == block_rows ? multiply<Vector8, block_rows>(left, right, depth, sums)
                     : multiply<Vector8, 1>(left, right, depth, sums);
}
#endif

}  // namespace

void multiply_panel_baseline(const float* left, int rows, const float* right, int depth, float* sums) {
  rows == block_rows ? multiply<Vector4, block_rows>(left, right, depth, sums)
                     : multiply<Vector4, 1>(left, right, depth, sums);
}

void multiply_panel(const float* left, int rows, const float* right, int depth, float* sums) {
#if defined(__x86_64__)
  static const bool has_avx = __builtin_cpu_supports("avx");
  if (has_avx) return multiply_panel_avx(left, rows, right, depth, sums);
#endif
  multiply_panel_baseline(left, rows, right, depth, sums);
}

}  // namespace lutra::reference
