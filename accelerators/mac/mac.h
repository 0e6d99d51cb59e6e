#pragma once

#include <memory>

#include "accelerators/family/family.h"

namespace lutra::accelerators {

// The conventional engine: rows x columns output-stationary processing elements of `lanes` multiply-accumulates each
// (README.md: mapping, cycles, packing). Throws Error naming a knob it cannot build.
std::unique_ptr<Family> make_mac(const EngineConfig& config);

}  // namespace lutra::accelerators
