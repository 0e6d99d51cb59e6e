#include "software/runtime/kernels/post_process.h"

#include "software/runtime/kernels/codes.h"
#include "software/runtime/kernels/memory.h"

namespace lutra::runtime {
namespace {

// One pixel of the skip tensor.
class SkipPixel {
 public:
  explicit SkipPixel(const lutra_op& op)
      : channels_(op.skip.channels),
        offset_(op.skip_channel_offset),
        bits_(op.skip.bits),
        is_signed_(op.skip.is_signed != 0) {}

  void move_to(const lutra_op& op, uint32_t y, uint32_t x) {
    codes_ = pixel(op.skip, y * op.skip_stride_y, x * op.skip_stride_x);
  }

  int32_t value(uint32_t channel) const {
    const uint32_t source = channel - offset_;
    if (channel < offset_ || source >= channels_) return 0;
    if (bits_ == 8) return is_signed_ ? static_cast<int8_t>(codes_[source]) : codes_[source];
    return code_at(codes_, source, bits_, is_signed_);
  }

 private:
  const uint8_t* codes_ = nullptr;
  uint32_t channels_;
  uint32_t offset_;
  uint32_t bits_;
  bool is_signed_;
};

}  // namespace

void finish(const lutra_op& op, const OutputRow& row, const int32_t* sums) {
  const uint32_t flags = op.flags;
  const lutra_requantise* const scales =
      table<lutra_requantise>(op.scale) + (flags & LUTRA_OP_ONE_SCALE ? 0 : row.channel);
  const lutra_requantise* const prelus =
      flags & LUTRA_OP_PRELU ? table<lutra_requantise>(op.prelu) + (flags & LUTRA_OP_ONE_PRELU ? 0 : row.channel)
                             : nullptr;
  const uint32_t scale_step = flags & LUTRA_OP_ONE_SCALE ? 0 : 1;
  const uint32_t prelu_step = flags & LUTRA_OP_ONE_PRELU ? 0 : 1;
  const lutra_requantise skip_requantise = op.skip_requantise;
  const lutra_requantise code_requantise = op.code_requantise;
  const int32_t low = op.code_low;
  const int32_t high = op.code_high;
  const uint32_t end = row.channel + row.channels;
  SkipPixel skip(op);

  for (uint32_t x = row.x; x < row.x + row.columns; ++x) {
    const lutra_requantise* scale = scales;
    const lutra_requantise* prelu = prelus;
    if (flags & LUTRA_OP_SKIP) skip.move_to(op, row.y, x);
    uint8_t* stream_bytes = flags & LUTRA_OP_STREAM ? pixel(op.stream, row.y, x) + 2 * row.channel : nullptr;
    CodeWriter codes(flags & LUTRA_OP_CODES ? pixel(op.codes, row.y, x) + row.channel * op.codes.bits / 8 : nullptr,
                     op.codes.bits);
    for (uint32_t k = row.channel; k < end; ++k) {
      int32_t stream = saturate16(requantise(*scale, *sums++));
      scale += scale_step;
      if (flags & LUTRA_OP_SKIP) stream = saturate16(stream + requantise(skip_requantise, skip.value(k)));
      if (flags & LUTRA_OP_PRELU) {
        if (stream < 0) stream = saturate16(requantise(*prelu, stream));
        prelu += prelu_step;
      }
      if (flags & LUTRA_OP_STREAM) {
        *stream_bytes++ = static_cast<uint8_t>(stream);
        *stream_bytes++ = static_cast<uint8_t>(stream >> 8);
      }
      if (flags & LUTRA_OP_CODES)
        codes.put(clamp(flags & LUTRA_OP_REQUANTISE ? requantise(code_requantise, stream) : stream, low, high));
    }
    if (flags & LUTRA_OP_CODES) codes.flush();
  }
}

}  // namespace lutra::runtime
