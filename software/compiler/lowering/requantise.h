#pragma once

#include <cstdint>

#include "accelerators/interface/commands.h"

namespace lutra::compiler {

// In 64 bits, neither saturated nor clamped.
inline std::int64_t requantise(const lutra_requantise& r, std::int64_t value) {
  const std::int64_t bias = std::int64_t{r.bias_high} * (std::int64_t{1} << 32) + r.bias_low;
  return (value * r.multiplier + bias) >> r.shift;
}

}  // namespace lutra::compiler
