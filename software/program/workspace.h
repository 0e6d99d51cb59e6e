#pragma once

#include <stdint.h>

#include "software/program/image.h"

// How the kernels divide their working memory; the compiler asks the same functions whether an operation fits.

namespace lutra::runtime {

// A matrix operation runs in blocks of output channels and strips of output columns. Working memory holds, unpacked:
// the rows of input under one output row of a strip, the weights of a block, and the sums of one output row.
struct MatrixPlan {
  uint32_t channels = 0;     // output channels per block
  uint32_t columns = 0;      // output columns per strip
  uint32_t row_columns = 0;  // input columns under a strip
  uint32_t element_bytes = 0;
  uint32_t segments = 0;  // contiguous runs of input under one window
  uint32_t segment = 0;   // elements of such a run
  uint64_t bytes = 0;     // of working memory
};

namespace detail {

constexpr uint64_t round_up(uint64_t value, uint64_t multiple) { return (value + multiple - 1) / multiple * multiple; }

// The smallest number of channels whose codes fill whole bytes.
constexpr uint32_t byte_channels(uint32_t bits) {
  return bits % 8 == 0 ? 1 : bits % 4 == 0 ? 2 : bits % 2 == 0 ? 4 : 8;
}

inline void size_matrix_plan(const lutra_op& op, MatrixPlan& plan) {
  const uint32_t group_channels = op.input.channels / op.groups;
  const uint64_t window = uint64_t{op.window_height} * op.window_width * group_channels;
  plan.row_columns = (plan.columns - 1) * op.stride_x + (op.window_width - 1u) * op.dilation_x + 1;
  const uint64_t rows = uint64_t{op.window_height} * plan.row_columns * op.input.channels * plan.element_bytes;
  plan.bytes = round_up(rows, 4) + round_up(window * plan.channels, 4) +
               4 * (uint64_t{plan.columns} * plan.channels + plan.segments + op.window_height);
}

}  // namespace detail

// The largest blocks and strips that fit; `bytes` exceeds LUTRA_HART_WORK_BYTES where not even the smallest do.
inline MatrixPlan plan_matrix(const lutra_op& op, uint32_t output_columns) {
  // Codes of a block end on a byte.
  const uint32_t smallest_block = op.flags & LUTRA_OP_CODES ? detail::byte_channels(op.codes.bits) : 1;
  const bool dense = op.dilation_x == 1;
  MatrixPlan plan;
  plan.element_bytes = op.input.bits > 8 ? 2 : 1;
  plan.segments = op.window_height * (dense ? 1u : op.window_width);
  plan.segment = (op.input.channels / op.groups) * (dense ? op.window_width : 1u);
  plan.channels = op.output_channels;
  plan.columns = output_columns;
  detail::size_matrix_plan(op, plan);
  while (plan.bytes > LUTRA_HART_WORK_BYTES && (plan.channels > smallest_block || plan.columns > 1)) {
    if (plan.columns > 1 && (plan.columns >= plan.channels || plan.channels <= smallest_block))
      plan.columns = (plan.columns + 1) / 2;
    else
      plan.channels = static_cast<uint32_t>(detail::round_up((plan.channels + 1) / 2, smallest_block));
    detail::size_matrix_plan(op, plan);
  }
  return plan;
}

// Working memory of the kernels that go pixel by pixel: one value and one sum per channel.
inline uint64_t pixel_work_bytes(const lutra_op& op) { return 8 * uint64_t{op.input.channels}; }

// Of a resample that rescales codes of up to eight bits: what becomes of each.
inline uint64_t table_bytes(const lutra_op& op) {
  return op.flags & LUTRA_OP_REQUANTISE && op.input.bits <= 8 ? 2u << op.input.bits : 0;
}

inline uint32_t output_width(const lutra_op& op) {
  return op.flags & LUTRA_OP_CODES ? op.codes.width : op.stream.width;
}
inline uint32_t output_height(const lutra_op& op) {
  return op.flags & LUTRA_OP_CODES ? op.codes.height : op.stream.height;
}

inline uint64_t work_bytes(const lutra_op& op) {
  switch (op.kind) {
    case LUTRA_OP_MATRIX:
      return plan_matrix(op, output_width(op)).bytes;
    case LUTRA_OP_MAXIMUM:
    case LUTRA_OP_SUM:
    case LUTRA_OP_ELEMENTWISE:
      return pixel_work_bytes(op);
    case LUTRA_OP_RESAMPLE:
      return table_bytes(op);
    default:
      return 0;
  }
}

}  // namespace lutra::runtime
