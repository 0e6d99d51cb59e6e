#pragma once

#include <memory>

#include "accelerators/family/family.h"

namespace lutra::accelerators {

// Engines without multipliers (README.md: mapping, cycles, packing). Variant power_of_two shifts each activation by its
// weight's exponents; variant sub_filters adds and subtracts by the bits of planes and shifts once per plane and
// output. Throws Error naming a knob it cannot build.
std::unique_ptr<Family> make_shift_add(const EngineConfig& config);

}  // namespace lutra::accelerators
