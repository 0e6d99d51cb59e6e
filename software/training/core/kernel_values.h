#pragma once

#include <cstdint>
#include <cstring>

// What the CPU kernels share. Every kernel exists once per instruction set; the loader picks. The set changes no
// result: there is no fused multiply-add, and sums are taken in one order.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define LUTRA_PER_CPU __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define LUTRA_PER_CPU
#endif
#define LUTRA_INLINE inline __attribute__((always_inline))

namespace lutra::training {

using Bfloat16Bits = std::uint16_t;

LUTRA_INLINE float widen(float value) { return value; }
LUTRA_INLINE float widen(Bfloat16Bits value) {
  const std::uint32_t bits = static_cast<std::uint32_t>(value) << 16;
  float result;
  std::memcpy(&result, &bits, sizeof result);
  return result;
}

LUTRA_INLINE void narrow(float value, float& result) { result = value; }
// To nearest, ties to even.
LUTRA_INLINE void narrow(float value, Bfloat16Bits& result) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  result = static_cast<Bfloat16Bits>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

}  // namespace lutra::training
