#include "software/program/workspace.h"
#include "software/runtime/kernels/codes.h"
#include "software/runtime/kernels/kernels.h"
#include "software/runtime/kernels/post_process.h"

namespace lutra::runtime {

void pool(const lutra_op& op, uint8_t* work) {
  const uint32_t channels = op.input.channels;
  auto* sums = reinterpret_cast<int32_t*>(work);
  auto* values = reinterpret_cast<int16_t*>(work + 4 * channels);
  const bool maximum = op.kind == LUTRA_OP_MAXIMUM;

  for (uint32_t y = 0; y < output_height(op); ++y) {
    for (uint32_t x = 0; x < output_width(op); ++x) {
      for (uint32_t k = 0; k < channels; ++k) sums[k] = maximum ? INT32_MIN : 0;
      for (uint32_t wy = 0; wy < op.window_height; ++wy) {
        const int32_t row = static_cast<int32_t>(y * op.stride_y + wy * op.dilation_y) - op.pad_top;
        if (!inside(row, op.input.height)) continue;
        for (uint32_t wx = 0; wx < op.window_width; ++wx) {
          const int32_t column = static_cast<int32_t>(x * op.stride_x + wx * op.dilation_x) - op.pad_left;
          if (!inside(column, op.input.width)) continue;
          unpack(pixel(op.input, static_cast<uint32_t>(row), static_cast<uint32_t>(column)), op.input.bits,
                 op.input.is_signed != 0, channels, values);
          if (maximum) {
            for (uint32_t k = 0; k < channels; ++k) sums[k] = values[k] > sums[k] ? values[k] : sums[k];
          } else {
            for (uint32_t k = 0; k < channels; ++k) sums[k] += values[k];
          }
        }
      }
      finish(op, {.y = y, .x = x, .columns = 1, .channel = 0, .channels = channels}, sums);
    }
  }
}

}  // namespace lutra::runtime
