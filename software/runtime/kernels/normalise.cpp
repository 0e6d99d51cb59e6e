#include "software/runtime/kernels/codes.h"
#include "software/runtime/kernels/kernels.h"
#include "software/runtime/kernels/memory.h"
#include "software/runtime/kernels/post_process.h"

namespace lutra::runtime {

void normalise(const lutra_op& op, uint32_t frame) {
  const lutra_requantise* scale = table<lutra_requantise>(op.scale);
  const uint8_t* pixels = memory(frame);
  const uint32_t plane = static_cast<uint32_t>(op.codes.height) * op.codes.width;
  for (uint32_t y = 0; y < op.codes.height; ++y) {
    for (uint32_t x = 0; x < op.codes.width; ++x) {
      const uint8_t* source = pixels + y * op.codes.width + x;
      CodeWriter codes(pixel(op.codes, y, x), op.codes.bits);
      for (uint32_t c = 0; c < op.codes.channels; ++c, source += plane)
        codes.put(clamp(requantise(scale[c], *source), op.code_low, op.code_high));
      codes.flush();
    }
  }
}

}  // namespace lutra::runtime
