#pragma once

#include <memory>

#include "accelerators/engine/engine.h"
#include "accelerators/family/engine_config.h"
#include "models/soc/soc.h"

namespace lutra::simulation {

// Builds the engine and wires it to the SoC, which must outlive it. Throws Error for an engine that cannot be built.
std::unique_ptr<accelerators::Engine> attach_engine(models::Soc& soc, const accelerators::EngineConfig& config);

}  // namespace lutra::simulation
