#pragma once

#include "accelerators/family/engine_config.h"
#include "accelerators/family/structure.h"
#include "accelerators/lut/tables_knobs.h"

namespace lutra::accelerators::lut {

Structure tables_structure(const EngineConfig& config, const TablesKnobs& knobs);

}  // namespace lutra::accelerators::lut
