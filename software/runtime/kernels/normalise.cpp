#include "software/runtime/kernels/codes.h"
#include "software/runtime/kernels/kernels.h"
#include "software/runtime/kernels/memory.h"
#include "software/runtime/kernels/post_process.h"

namespace lutra::runtime {

void normalise(const lutra_op& op, uint32_t frame) {
  const lutra_requantise* scale = table<lutra_requantise>(op.scale);
  const uint8_t* source = memory(frame);
  const uint32_t plane = op.codes.height * op.codes.width;
  for (uint32_t c = 0; c < op.codes.channels; ++c) {
    int8_t codes[256];  // of every pixel value; two's complement or not, eight bits are enough
    for (int32_t value = 0; value < 256; ++value)
      codes[value] = static_cast<int8_t>(clamp(requantise(scale[c], value), op.code_low, op.code_high));
    uint8_t* target = pixel(op.codes, 0, 0);
    for (uint32_t i = 0; i < plane; ++i, target += op.codes.pixel_bytes)
      store_code(target, c, op.codes.bits, codes[*source++]);
  }
}

}  // namespace lutra::runtime
