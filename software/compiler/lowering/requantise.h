#pragma once

#include <cstdint>

#include "accelerators/interface/commands.h"

namespace lutra::compiler {

// In 64 bits, neither saturated nor clamped.
inline std::int64_t requantise(const lutra_requantise& r, std::int64_t value) {
  return (value * std::int64_t{lutra_multiplier(&r)} + lutra_bias(&r)) >> r.shift;
}

}  // namespace lutra::compiler
