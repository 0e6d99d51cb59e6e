#pragma once

#include <nlohmann/json.hpp>

#include "accelerators/family/engine_config.h"
#include "accelerators/family/memory_use.h"
#include "models/base/soc_config.h"
#include "software/common/text/json_reader.h"

namespace lutra::result {

// The hardware configurations as they stand in result.json, every knob under its name in scenarios. Reading throws
// Error naming the place.

nlohmann::ordered_json write_engine(const accelerators::EngineConfig& engine);
nlohmann::ordered_json write_memory_use(const accelerators::MemoryUse& use);
nlohmann::ordered_json write_soc(const models::SocConfig& soc);

accelerators::EngineConfig read_engine(const JsonReader& json);
accelerators::MemoryUse read_memory_use(const JsonReader& json);
models::SocConfig read_soc(const JsonReader& json);

}  // namespace lutra::result
