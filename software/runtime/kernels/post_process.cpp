#include "software/runtime/kernels/post_process.h"

#include "software/runtime/kernels/codes.h"
#include "software/runtime/kernels/memory.h"

namespace lutra::runtime {
namespace {

int32_t skip_value(const lutra_op& op, uint32_t y, uint32_t x, uint32_t channel) {
  const uint32_t source = channel - op.skip_channel_offset;
  if (channel < op.skip_channel_offset || source >= op.skip.channels) return 0;
  return code_at(pixel(op.skip, y * op.skip_stride_y, x * op.skip_stride_x), source, op.skip.bits,
                 op.skip.is_signed != 0);
}

}  // namespace

void finish(const lutra_op& op, const OutputRow& row, const int32_t* sums) {
  const uint32_t flags = op.flags;
  const lutra_requantise* scale = table<lutra_requantise>(op.scale);
  const lutra_requantise* prelu = table<lutra_requantise>(flags & LUTRA_OP_PRELU ? op.prelu : op.scale);
  const uint32_t scale_step = flags & LUTRA_OP_ONE_SCALE ? 0 : 1;
  const uint32_t prelu_step = flags & LUTRA_OP_ONE_PRELU ? 0 : 1;
  const lutra_requantise code_requantise = op.code_requantise;

  for (uint32_t x = row.x; x < row.x + row.columns; ++x) {
    uint8_t* stream_bytes = flags & LUTRA_OP_STREAM ? pixel(op.stream, row.y, x) + 2 * row.channel : nullptr;
    CodeWriter codes(flags & LUTRA_OP_CODES ? pixel(op.codes, row.y, x) + row.channel * op.codes.bits / 8 : nullptr,
                     op.codes.bits);
    for (uint32_t k = row.channel; k < row.channel + row.channels; ++k) {
      int32_t stream = saturate16(requantise(scale[k * scale_step], *sums++));
      if (flags & LUTRA_OP_SKIP)
        stream = saturate16(stream + requantise(op.skip_requantise, skip_value(op, row.y, x, k)));
      if ((flags & LUTRA_OP_PRELU) && stream < 0) stream = saturate16(requantise(prelu[k * prelu_step], stream));
      if (flags & LUTRA_OP_STREAM) {
        *stream_bytes++ = static_cast<uint8_t>(stream);
        *stream_bytes++ = static_cast<uint8_t>(stream >> 8);
      }
      if (flags & LUTRA_OP_CODES) {
        const int64_t code = flags & LUTRA_OP_REQUANTISE ? requantise(code_requantise, stream) : stream;
        codes.put(clamp(code, op.code_low, op.code_high));
      }
    }
    if (flags & LUTRA_OP_CODES) codes.flush();
  }
}

}  // namespace lutra::runtime
