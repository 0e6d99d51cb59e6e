#pragma once

#include "accelerators/family/engine_config.h"
#include "accelerators/family/structure.h"
#include "accelerators/lut/tables_knobs.h"

namespace lutra::accelerators::lut {

// Pipeline stages before the accumulator, and after the drain where sums are corrected there (README.md).
int tables_fill(const EngineConfig& config, const TablesKnobs& knobs);

Structure tables_structure(const EngineConfig& config, const TablesKnobs& knobs);

}  // namespace lutra::accelerators::lut
