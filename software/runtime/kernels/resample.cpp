#include "software/runtime/kernels/codes.h"
#include "software/runtime/kernels/kernels.h"
#include "software/runtime/kernels/post_process.h"

namespace lutra::runtime {

void resample(const lutra_op& op) {
  for (uint32_t y = 0; y < op.codes.height; ++y) {
    const int32_t row = static_cast<int32_t>(y * op.step_y) + op.start_y;
    for (uint32_t x = 0; x < op.codes.width; ++x) {
      const int32_t column = static_cast<int32_t>(x * op.step_x) + op.start_x;
      const bool exists = inside(row, op.input.height) && inside(column, op.input.width);
      const uint8_t* source =
          exists ? pixel(op.input, static_cast<uint32_t>(row), static_cast<uint32_t>(column)) : nullptr;
      uint8_t* target = pixel(op.codes, y, x);
      for (uint32_t c = 0; c < op.input_channels; ++c) {
        const int32_t channel = static_cast<int32_t>(c * op.step_channel) + op.start_channel;
        int32_t value = op.pad_code;
        if (exists && inside(channel, op.input.channels))
          value = code_at(source, static_cast<uint32_t>(channel), op.input.bits, op.input.is_signed != 0);
        if (op.flags & LUTRA_OP_REQUANTISE)
          value = clamp(requantise(op.code_requantise, value), op.code_low, op.code_high);
        store_code(target, op.output_channel + c, op.codes.bits, value);
      }
    }
  }
}

}  // namespace lutra::runtime
