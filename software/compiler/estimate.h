#pragma once

#include <cstdint>

#include "accelerators/family/family.h"
#include "software/compiler/schedule.h"

namespace lutra::compiler {

struct Estimate {
  std::uint64_t cycles = 0;        // of the whole operation, load, compute and store overlapping
  std::uint64_t array_cycles = 0;  // of its tiles alone
};

// Predicts how long a schedule takes, to compare one with another; what the operation really takes comes out of the
// simulation. Stops early, with `cycles` beyond `limit`, once that is certain.
Estimate estimate(const Layer& layer, const Tiling& tiling, const Schedule& schedule,
                  const accelerators::EngineConfig& engine, const accelerators::Family& family, std::uint64_t limit);

}  // namespace lutra::compiler
