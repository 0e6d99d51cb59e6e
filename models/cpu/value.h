#pragma once

#include <cstdint>

namespace lutra::models::cpu {

// What a register or a word of memory holds.
using Value = std::uint32_t;

inline constexpr std::uint32_t word_bytes = sizeof(Value);

constexpr std::int32_t as_signed(Value value) { return static_cast<std::int32_t>(value); }

// The upper half.
constexpr Value high(std::uint64_t pair) { return static_cast<Value>(pair >> 32); }

}  // namespace lutra::models::cpu
