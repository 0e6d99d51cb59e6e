#pragma once

#include <memory>

#include "accelerators/family/family.h"

namespace lutra::accelerators {

// Engines that look products up (README.md): variant "tables" (bit-serial weights index tables of activations' partial
// sums) and "codebook" (a weight's code reads its value, then a multiplier). Throws Error naming a knob it cannot
// build.
std::unique_ptr<Family> make_lut(const EngineConfig& config);

}  // namespace lutra::accelerators
