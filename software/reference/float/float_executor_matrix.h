#pragma once

namespace lutra::reference {

inline constexpr int panel_columns = 16;
inline constexpr int block_rows = 4;

// sums[row][column] = left[0][row] * right[0][column] + left[1][row] * right[1][column] + ... for left[depth][rows] and
// right[depth][panel_columns]; `rows` is 1 or block_rows. Each sum is one chain of float multiplications and additions
// in this order, so wider vector instructions, chosen at run time, change no bit of the result.
void multiply_panel(const float* left, int rows, const float* right, int depth, float* sums);

// The same with the instructions every machine has.
void multiply_panel_baseline(const float* left, int rows, const float* right, int depth, float* sums);

}  // namespace lutra::reference
