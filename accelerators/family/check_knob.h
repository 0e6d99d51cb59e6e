#pragma once

#include <fmt/format.h>

#include <bit>
#include <cstdint>

#include "software/common/error.h"
#include "software/common/knob.h"

namespace lutra::accelerators {

// Throws Error naming the engine's knob, its value and what is accepted.
inline void check_knob(const char* name, std::int64_t value, const KnobRange& accepted) {
  if (value == accepted.also && accepted.also != 0) return;
  if (value < accepted.low || value > accepted.high)
    throw Error(fmt::format("engine: {} is {}, and can be {} to {}{}", name, value, accepted.low, accepted.high,
                            accepted.also != 0 ? fmt::format(", or {}", accepted.also) : ""));
  if (accepted.power_of_two && !std::has_single_bit(static_cast<std::uint64_t>(value)))
    throw Error(fmt::format("engine: {} is {}, and must be a power of two", name, value));
}

template <typename Choice>
void check_knob(const char*, Choice, const KnobWords&) {}  // the compiler has

}  // namespace lutra::accelerators
