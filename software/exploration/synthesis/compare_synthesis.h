#pragma once

#include <string>
#include <vector>

#include "accelerators/family/engine_config.h"
#include "software/costs/resources.h"
#include "software/costs/tables.h"
#include "software/exploration/synthesis/synthesise.h"

namespace lutra::exploration {

// A part of an engine that has RTL, and the primitives that resources are priced from.
struct EngineUnit {
  std::string part;  // "element", "array", "post-processor"
  SynthesisJob job;
  accelerators::Structure structure;
};

// Those of an engine on an FPGA family; what has none is left out. Throws Error for a family that is still to be
// chosen.
std::vector<EngineUnit> engine_units(const accelerators::EngineConfig& engine, const std::string& target);

// What a report prices a unit at, on a device of the target's family with as many DSP blocks as it wants. Throws Error
// where no device is of that family.
costs::FpgaResources priced(const EngineUnit& unit, const costs::Tables& tables);

}  // namespace lutra::exploration
