#pragma once

#include <memory>

#include "accelerators/family/family.h"

namespace lutra::accelerators {

// Arrays whose cycles follow the bits of the weights ("weights"), or of weights and activations ("planes"): README.md.
// Throws Error naming a knob it cannot build.
std::unique_ptr<Family> make_bit_serial(const EngineConfig& config);

}  // namespace lutra::accelerators
