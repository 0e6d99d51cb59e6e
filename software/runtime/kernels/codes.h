#pragma once

#include <stdint.h>
#include <string.h>

#include "software/program/image.h"
#include "software/runtime/kernels/memory.h"

// Codes of 2..8 or 16 bits, least significant bit first, to and from machine integers.

namespace lutra::runtime {

inline int32_t extend(uint32_t code, uint32_t bits, bool is_signed) {
  const uint32_t sign = 1u << (bits - 1);
  return is_signed ? static_cast<int32_t>((code ^ sign) - sign) : static_cast<int32_t>(code);
}

// Element `index` of the codes that start at `source`.
inline int32_t code_at(const uint8_t* source, uint32_t index, uint32_t bits, bool is_signed) {
  const uint32_t position = index * bits;
  const uint8_t* byte = source + position / 8;
  const uint32_t offset = position % 8;
  uint32_t word = byte[0];
  if (offset + bits > 8) word |= static_cast<uint32_t>(byte[1]) << 8;
  return extend((word >> offset) & ((1u << bits) - 1), bits, is_signed);
}

inline void store_code(uint8_t* target, uint32_t index, uint32_t bits, int32_t value) {
  const uint32_t position = index * bits;
  uint8_t* byte = target + position / 8;
  const uint32_t offset = position % 8;
  const uint32_t mask = ((1u << bits) - 1) << offset;
  const uint32_t code = (static_cast<uint32_t>(value) << offset) & mask;
  byte[0] = static_cast<uint8_t>((byte[0] & ~mask) | code);
  if (offset + bits > 8) byte[1] = static_cast<uint8_t>((byte[1] & ~(mask >> 8)) | (code >> 8));
}

// The C library's memcpy moves bytes; this moves words where both sides are aligned.
inline void copy_bytes(const uint8_t* source, uint32_t count, uint8_t* target) {
  if (((reinterpret_cast<uintptr_t>(source) | reinterpret_cast<uintptr_t>(target)) & 3) == 0) {
    for (; count >= 4; count -= 4, source += 4, target += 4) {
      uint32_t word;
      memcpy(&word, __builtin_assume_aligned(source, 4), 4);
      memcpy(__builtin_assume_aligned(target, 4), &word, 4);
    }
  }
  for (; count > 0; --count) *target++ = *source++;
}

// `count` codes from `source` on, to target[0], target[stride], ...
template <typename T>
void unpack(const uint8_t* source, uint32_t bits, bool is_signed, uint32_t count, T* target, uint32_t stride = 1) {
  if (bits == 8) {
    if (stride == 1 && sizeof(T) == 1) {
      copy_bytes(source, count, reinterpret_cast<uint8_t*>(target));
    } else if (is_signed) {
      for (; count > 0; --count, target += stride) *target = static_cast<T>(static_cast<int8_t>(*source++));
    } else {
      for (; count > 0; --count, target += stride) *target = static_cast<T>(*source++);
    }
    return;
  }
  uint32_t held = 0;
  uint32_t word = 0;
  const uint32_t mask = (1u << bits) - 1;
  for (uint32_t i = 0; i < count; ++i) {
    while (held < bits) {
      word |= static_cast<uint32_t>(*source++) << held;
      held += 8;
    }
    *target = static_cast<T>(extend(word & mask, bits, is_signed));
    target += stride;
    word >>= bits;
    held -= bits;
  }
}

// Writes codes one after another; the last byte is completed with zeros by flush().
class CodeWriter {
 public:
  CodeWriter(uint8_t* target, uint32_t bits) : target_(target), bits_(bits), mask_((1u << bits) - 1) {}

  void put(int32_t code) {
    if (bits_ == 8) {
      *target_++ = static_cast<uint8_t>(code);
      return;
    }
    word_ |= (static_cast<uint32_t>(code) & mask_) << held_;
    held_ += bits_;
    while (held_ >= 8) {
      *target_++ = static_cast<uint8_t>(word_);
      word_ >>= 8;
      held_ -= 8;
    }
  }

  void flush() {
    if (held_ > 0) *target_ = static_cast<uint8_t>(word_);
  }

 private:
  uint8_t* target_;
  uint32_t bits_;
  uint32_t mask_;
  uint32_t word_ = 0;
  uint32_t held_ = 0;
};

// Whether an index that padding may have made negative exists.
inline bool inside(int32_t index, uint32_t extent) { return static_cast<uint32_t>(index) < extent; }

inline uint8_t* pixel(const lutra_tensor& tensor, uint32_t y, uint32_t x) {
  return memory(tensor.address + (y * tensor.width + x) * tensor.pixel_bytes);
}

}  // namespace lutra::runtime
