#pragma once

#include <map>
#include <string>

#include "accelerators/family/family.h"

namespace lutra::accelerators {

// Everything in the engine: the family's array, the buffers, the post-processor, the units that move data and the
// command processor. Components are named as in the statistics; the compute unit's queue and counters, which count no
// event, are engine.sequencer.
Structure engine_structure(const EngineConfig& config, const Family& family);

// What rtl/post_processor.sv is given for this engine.
std::map<std::string, int> post_processor_parameters(const EngineConfig& config);

}  // namespace lutra::accelerators
