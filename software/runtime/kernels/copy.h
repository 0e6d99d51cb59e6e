#pragma once

#include <stdint.h>
#include <string.h>

namespace lutra::runtime {

namespace detail {

inline uint32_t word_at(const uint8_t* address) {
  uint32_t word;
  memcpy(&word, __builtin_assume_aligned(address, 4), 4);
  return word;
}

inline void put_word(uint8_t* address, uint32_t word) { memcpy(__builtin_assume_aligned(address, 4), &word, 4); }

}  // namespace detail

// `count` bytes of regions that do not overlap, in words: of an aligned target, each out of one word of the source, or
// out of two where it lies otherwise. Reads no word of the source that holds none of its bytes.
inline void copy_words(const uint8_t* source, uint32_t count, uint8_t* target) {
  using detail::put_word;
  using detail::word_at;
  for (; count > 0 && (reinterpret_cast<uintptr_t>(target) & 3) != 0; --count) *target++ = *source++;
  const uint32_t ahead = reinterpret_cast<uintptr_t>(source) & 3;
  if (ahead == 0) {
    for (; count >= 32; count -= 32, source += 32, target += 32) {
      uint32_t words[8];
      for (int i = 0; i < 8; ++i) words[i] = word_at(source + 4 * i);
      for (int i = 0; i < 8; ++i) put_word(target + 4 * i, words[i]);
    }
    for (; count >= 4; count -= 4, source += 4, target += 4) put_word(target, word_at(source));
  } else if (count >= 8) {
    const uint32_t right = 8 * ahead;
    const uint32_t left = 32 - right;
    uint32_t word = word_at(source - ahead);
    for (; count >= 8; count -= 8, source += 8, target += 8) {
      const uint32_t middle = word_at(source - ahead + 4), last = word_at(source - ahead + 8);
      put_word(target, word >> right | middle << left);
      put_word(target + 4, middle >> right | last << left);
      word = last;
    }
  }
  for (; count > 0; --count) *target++ = *source++;
}

// `count` pieces of `bytes` bytes, each a step behind the one before.
struct Pieces {
  uint32_t bytes;
  uint32_t count;
  uint32_t source_step;
  uint32_t target_step;
};

inline void copy_pieces(const Pieces& pieces, const uint8_t* source, uint8_t* target) {
  const uint32_t bytes = pieces.bytes;
  if (bytes == pieces.source_step && bytes == pieces.target_step) {
    copy_words(source, bytes * pieces.count, target);
    return;
  }
  const auto together =
      static_cast<uint32_t>(reinterpret_cast<uintptr_t>(source) | reinterpret_cast<uintptr_t>(target));
  const bool words = ((together | bytes | pieces.source_step | pieces.target_step) & 3) == 0;
  for (uint32_t i = pieces.count; i > 0; --i, source += pieces.source_step, target += pieces.target_step) {
    if (!words) {
      copy_words(source, bytes, target);
      continue;
    }
    for (uint32_t at = 0; at < bytes; at += 4) detail::put_word(target + at, detail::word_at(source + at));
  }
}

}  // namespace lutra::runtime
