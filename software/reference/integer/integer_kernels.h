#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lutra::reference {

// The inner loops of the integer executor, once per instruction set. All compute the same integers.
enum class InstructionSet { portable, sse2, avx2, avx512 };

// Those of this machine, slowest first; `portable` is always there.
std::vector<InstructionSet> available_instruction_sets();

// Outputs a dot product kernel computes at once.
inline constexpr int block_outputs = 16;

// out[pixel * out_stride + k] = sum over runs r and elements i < 2 * pairs of
//   weights[((r * pairs + i / 2) * block_outputs + k) * 2 + i % 2] * (first + pixel * pixel_stride + offsets[r])[i]
// for k < block_outputs, modulo 2^32: exact where the sum fits int32, whatever the order of summation.
struct DotRow {
  const std::int16_t* weights;
  const std::int16_t* first;
  std::ptrdiff_t pixel_stride;
  int pixels;
  const std::ptrdiff_t* offsets;
  int runs;
  int pairs;
  std::int32_t* out;
  std::ptrdiff_t out_stride;
};

// One requantise per channel.
struct ChannelRequantise {
  const std::int64_t* multiplier;
  const std::int64_t* bias;
  const std::int64_t* shift;
};

struct TensorRequantise {
  std::int64_t multiplier = 1;
  std::int64_t bias = 0;
  std::int64_t shift = 0;
};

// The post-processing of one row of pixels, as software/network/quantised/quantised_network.h defines it. Absent parts
// are null.
struct PostRow {
  const std::int32_t* accumulators;
  std::ptrdiff_t accumulator_stride;  // from pixel to pixel
  int pixels;
  int channels;
  ChannelRequantise scale;
  const std::int16_t* skip;  // values
  std::ptrdiff_t skip_stride;
  int skip_first;  // channel the first skip channel adds to
  int skip_channels;
  TensorRequantise skip_scale;
  ChannelRequantise prelu;
  std::int16_t* stream;
  std::int16_t* codes;
  bool requantise_codes;
  TensorRequantise code_scale;
  std::int32_t low;
  std::int32_t high;
  std::int32_t* scratch;  // pixels * channels
};

struct IntegerKernels {
  void (*dot)(const DotRow&);
  void (*post)(const PostRow&);
};

// Precondition: `set` is available.
IntegerKernels integer_kernels(InstructionSet set);

}  // namespace lutra::reference
