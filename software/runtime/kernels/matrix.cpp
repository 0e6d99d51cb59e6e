#include "software/program/workspace.h"
#include "software/runtime/kernels/codes.h"
#include "software/runtime/kernels/dot.h"
#include "software/runtime/kernels/kernels.h"
#include "software/runtime/kernels/post_process.h"

namespace lutra::runtime {
namespace {

// The kernel's working memory, in the order workspace.h adds it up.
template <typename Input>
struct Areas {
  Areas(const lutra_op& op, const MatrixPlan& plan, uint8_t* work) {
    row_elements = plan.row_columns * op.input.channels;
    window_elements = uint32_t{op.window_height} * op.window_width * (op.input.channels / op.groups);
    rows = reinterpret_cast<Input*>(work);
    weights = reinterpret_cast<int8_t*>(work + detail::round_up(op.window_height * row_elements * sizeof(Input), 4));
    sums = reinterpret_cast<int32_t*>(weights + detail::round_up(window_elements * plan.channels, 4));
    offsets = sums + plan.columns * plan.channels;
    loaded = offsets + plan.segments;
  }

  uint32_t row_elements;
  uint32_t window_elements;
  Input* rows;      // [slot][group][column][channel of the group]
  int8_t* weights;  // [output channel of the block][window element]
  int32_t* sums;    // [column][output channel of the block]
  int32_t* offsets;
  int32_t* loaded;  // the input row in each slot of `rows`
};

template <typename Input>
void load_row(const lutra_op& op, const MatrixPlan& plan, int32_t row, int32_t first_column, Input* target) {
  const uint32_t group_channels = op.input.channels / op.groups;
  const uint32_t plane = plan.row_columns * group_channels;
  for (uint32_t i = 0; i < plan.row_columns; ++i, target += group_channels) {
    const int32_t column = first_column + static_cast<int32_t>(i);
    if (!inside(row, op.input.height) || !inside(column, op.input.width)) {
      for (uint32_t g = 0; g < op.groups; ++g)
        for (uint32_t c = 0; c < group_channels; ++c) target[g * plane + c] = static_cast<Input>(op.pad_code);
      continue;
    }
    const uint8_t* source = pixel(op.input, static_cast<uint32_t>(row), static_cast<uint32_t>(column));
    if (op.groups == 1) {
      unpack(source, op.input.bits, op.input.is_signed != 0, group_channels, target);
    } else if (group_channels == 1) {
      unpack(source, op.input.bits, op.input.is_signed != 0, op.groups, target, plane);
    } else {
      for (uint32_t g = 0; g < op.groups; ++g)
        for (uint32_t c = 0; c < group_channels; ++c)
          target[g * plane + c] =
              static_cast<Input>(code_at(source, g * group_channels + c, op.input.bits, op.input.is_signed != 0));
    }
  }
}

// Brings the input rows under output row y into slots and says where in them the window's segments lie.
template <typename Input>
void load_window_rows(const lutra_op& op, const MatrixPlan& plan, uint32_t y, uint32_t x, const Areas<Input>& areas) {
  const uint32_t group_channels = op.input.channels / op.groups;
  const int32_t first_column = static_cast<int32_t>(x * op.stride_x) - op.pad_left;
  const uint32_t runs = plan.segments / op.window_height;
  for (uint32_t wy = 0; wy < op.window_height; ++wy) {
    const uint32_t padded_row = y * op.stride_y + wy * op.dilation_y;
    // Undilated windows of neighbouring output rows share input rows, each of which has a slot of its own.
    const uint32_t slot = op.dilation_y == 1 ? padded_row % op.window_height : wy;
    if (areas.loaded[slot] != static_cast<int32_t>(padded_row)) {
      load_row(op, plan, static_cast<int32_t>(padded_row) - op.pad_top, first_column,
               areas.rows + slot * areas.row_elements);
      areas.loaded[slot] = static_cast<int32_t>(padded_row);
    }
    for (uint32_t run = 0; run < runs; ++run)
      areas.offsets[wy * runs + run] =
          static_cast<int32_t>(slot * areas.row_elements + run * op.dilation_x * group_channels);
  }
}

// Output channels are computed four at a time, or one at a time where the group or the block has no four left.
uint32_t channels_at_once(const lutra_op& op, uint32_t channel, uint32_t left_in_block) {
  const uint32_t group_outputs = op.output_channels / op.groups;
  const uint32_t left_in_group = group_outputs - channel % group_outputs;
  return left_in_group >= 4 && left_in_block >= 4 ? 4 : 1;
}

// Weights of output channels [first, first + channels), interleaved as `dot` wants them.
void unpack_weights(const lutra_op& op, uint32_t first, uint32_t channels, uint32_t window_elements, int8_t* target) {
  const uint32_t channel_bytes = (window_elements * op.weight_bits + 7) / 8;
  for (uint32_t k = 0; k < channels;) {
    const uint32_t together = channels_at_once(op, first + k, channels - k);
    for (uint32_t i = 0; i < together; ++i)
      unpack(memory(op.weights + (first + k + i) * channel_bytes), op.weight_bits, true, window_elements,
             target + k * window_elements + i, together);
    k += together;
  }
}

template <int K, typename Input>
void multiply_row(const Input* inputs, uint32_t input_step, const Segments& segments, const int8_t* weights,
                  uint32_t columns, int32_t* sums, uint32_t sums_step) {
  uint32_t x = 0;
  for (; x + 2 <= columns; x += 2)
    dot<K, 2>(inputs + x * input_step, input_step, segments, weights, sums + x * sums_step, sums_step);
  if (x < columns) dot<K, 1>(inputs + x * input_step, input_step, segments, weights, sums + x * sums_step, sums_step);
}

// Output channels [first, first + channels) of one output row of a strip.
template <typename Input>
void compute_row(const lutra_op& op, const MatrixPlan& plan, uint32_t first, uint32_t channels, uint32_t columns,
                 const Areas<Input>& areas) {
  const uint32_t group_channels = op.input.channels / op.groups;
  const uint32_t group_outputs = op.output_channels / op.groups;
  const uint32_t input_step = op.stride_x * group_channels;
  const Segments segments{.offsets = areas.offsets, .count = plan.segments, .length = plan.segment};
  for (uint32_t k = 0; k < channels;) {
    const uint32_t group = (first + k) / group_outputs;
    const Input* inputs = areas.rows + group * plan.row_columns * group_channels;
    const int8_t* weights = areas.weights + k * areas.window_elements;
    const uint32_t together = channels_at_once(op, first + k, channels - k);
    if (together == 4)
      multiply_row<4>(inputs, input_step, segments, weights, columns, areas.sums + k, channels);
    else
      multiply_row<1>(inputs, input_step, segments, weights, columns, areas.sums + k, channels);
    k += together;
  }
}

template <typename Input>
void matrix_of(const lutra_op& op, uint8_t* work) {
  const uint32_t width = output_width(op);
  const MatrixPlan plan = plan_matrix(op, width);
  const Areas<Input> areas(op, plan, work);
  for (uint32_t first = 0; first < op.output_channels; first += plan.channels) {
    const uint32_t left = op.output_channels - first;
    const uint32_t channels = left < plan.channels ? left : plan.channels;
    unpack_weights(op, first, channels, areas.window_elements, areas.weights);
    for (uint32_t x = 0; x < width; x += plan.columns) {
      const uint32_t columns = width - x < plan.columns ? width - x : plan.columns;
      for (uint32_t slot = 0; slot < op.window_height; ++slot) areas.loaded[slot] = -1;
      for (uint32_t y = 0; y < output_height(op); ++y) {
        load_window_rows(op, plan, y, x, areas);
        compute_row(op, plan, first, channels, columns, areas);
        finish(op, {.y = y, .x = x, .columns = columns, .channel = first, .channels = channels}, areas.sums);
      }
    }
  }
}

}  // namespace

void matrix(const lutra_op& op, uint8_t* work) {
  if (op.input.bits > 8)
    matrix_of<int16_t>(op, work);
  else if (op.input.is_signed)
    matrix_of<int8_t>(op, work);
  else
    matrix_of<uint8_t>(op, work);
}

}  // namespace lutra::runtime
