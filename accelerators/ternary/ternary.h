#pragma once

#include <memory>

#include "accelerators/family/family.h"

namespace lutra::accelerators {

// Arrays without multipliers for weights -1, 0 and 1 (README.md: variants, cycles, packing). Throws Error naming a knob
// they cannot build.
std::unique_ptr<Family> make_ternary(const EngineConfig& config);

}  // namespace lutra::accelerators
