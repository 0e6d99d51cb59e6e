#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <string>

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

inline void check_knob(const char* name, const std::string& value, const KnobWords& accepted) {
  if (std::find(accepted.words.begin(), accepted.words.end(), value) == accepted.words.end())
    throw Error(fmt::format("engine: {} is '{}', and can be: {}", name, value, fmt::join(accepted.words, ", ")));
}

}  // namespace lutra::accelerators
