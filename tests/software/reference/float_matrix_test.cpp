#include "software/reference/float/float_executor_matrix.h"

#include <gtest/gtest.h>

#include "tests/software/reference/float_graphs.h"

namespace lutra::reference {
namespace {

std::vector<float> one_chain_per_sum(const std::vector<float>& left, int rows, const std::vector<float>& right,
                                     int depth) {
  std::vector<float> sums(static_cast<std::size_t>(rows * panel_columns));
  for (int k = 0; k < depth; ++k)
    for (int row = 0; row < rows; ++row)
      for (int column = 0; column < panel_columns; ++column)
        sums[static_cast<std::size_t>(row * panel_columns + column)] +=
            left[static_cast<std::size_t>(k * rows + row)] *
            right[static_cast<std::size_t>(k * panel_columns + column)];
  return sums;
}

TEST(FloatMatrix, EveryInstructionSetGivesTheBitsOfOneChainPerSum) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    test::Draw draw(seed);
    const int depth = draw.between(0, 200);
    for (const int rows : {1, block_rows}) {
      std::vector<float> left = draw.floats(depth * rows);
      for (float& value : left) value *= 1.1F;  // so that products round
      const std::vector<float> right = draw.floats(depth * panel_columns);
      const std::vector<float> expected = one_chain_per_sum(left, rows, right, depth);
      std::vector<float> sums(expected.size(), -1.0F);
      multiply_panel(left.data(), rows, right.data(), depth, sums.data());
      EXPECT_EQ(sums, expected);
      std::vector<float> baseline(expected.size(), -1.0F);
      multiply_panel_baseline(left.data(), rows, right.data(), depth, baseline.data());
      EXPECT_EQ(baseline, expected);
    }
  }
}

}  // namespace
}  // namespace lutra::reference
