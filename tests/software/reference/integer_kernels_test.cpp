#include "software/reference/integer/integer_kernels.h"

#include <gtest/gtest.h>

#include <random>

namespace lutra::reference {
namespace {

struct DotCase {
  explicit DotCase(unsigned seed) {
    std::mt19937 engine(seed);
    const auto between = [&](int low, int high) {
      return low + static_cast<int>(engine() % static_cast<unsigned>(high - low + 1));
    };
    pixels = between(1, 21);
    runs = between(1, 4);
    pairs = between(1, 40);
    pixel_stride = between(1, 50);
    out_stride = block_outputs * between(1, 3);
    for (int run = 0; run < runs; ++run) offsets.push_back(between(0, 300));
    weights.resize(static_cast<std::size_t>(runs * pairs * 2 * block_outputs));
    values.resize(static_cast<std::size_t>(300 + pixels * pixel_stride + 2 * pairs));
    // Extremes of int16 too: the sum wraps, and must wrap alike.
    for (auto* all : {&weights, &values})
      for (std::int16_t& value : *all)
        value = static_cast<std::int16_t>(between(0, 9) == 0 ? (engine() % 2 ? -32768 : 32767) : between(-2000, 2000));
  }

  std::vector<std::int32_t> run(InstructionSet set) const {
    std::vector<std::int32_t> out(static_cast<std::size_t>(pixels * out_stride), 77);
    integer_kernels(set).dot(
        {weights.data(), values.data(), pixel_stride, pixels, offsets.data(), runs, pairs, out.data(), out_stride});
    return out;
  }

  std::vector<std::int32_t> by_definition() const {
    std::vector<std::int32_t> out(static_cast<std::size_t>(pixels * out_stride), 77);
    for (int pixel = 0; pixel < pixels; ++pixel)
      for (int k = 0; k < block_outputs; ++k) {
        std::int64_t sum = 0;
        for (int r = 0; r < runs; ++r)
          for (int i = 0; i < 2 * pairs; ++i)
            sum +=
                std::int64_t{weights[static_cast<std::size_t>(((r * pairs + i / 2) * block_outputs + k) * 2 + i % 2)]} *
                values[static_cast<std::size_t>(pixel * pixel_stride + offsets[static_cast<std::size_t>(r)] + i)];
        out[static_cast<std::size_t>(pixel * out_stride + k)] = static_cast<std::int32_t>(sum);
      }
    return out;
  }

  int pixels, runs, pairs;
  std::ptrdiff_t pixel_stride, out_stride;
  std::vector<std::ptrdiff_t> offsets;
  std::vector<std::int16_t> weights, values;
};

TEST(IntegerKernels, DotProductsAreExactInEveryInstructionSet) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    const DotCase dot(seed);
    const auto expected = dot.by_definition();
    for (const InstructionSet set : available_instruction_sets())
      ASSERT_EQ(dot.run(set), expected) << "seed " << seed << ", instruction set " << static_cast<int>(set);
  }
}

TEST(IntegerKernels, AlwaysIncludeThePortableOnes) {
  ASSERT_FALSE(available_instruction_sets().empty());
  EXPECT_EQ(available_instruction_sets().front(), InstructionSet::portable);
}

}  // namespace
}  // namespace lutra::reference
