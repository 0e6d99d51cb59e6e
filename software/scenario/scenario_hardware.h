#pragma once

#include <optional>

#include "accelerators/family/engine_config.h"
#include "models/base/soc_config.h"
#include "software/common/yaml.h"

namespace lutra::scenario {

// The hardware parts of a scenario. They throw Error as YamlReader does.

// "none", or a mapping with any of EngineConfig's fields.
std::optional<accelerators::EngineConfig> read_engine(const YamlReader& reader);

models::SocConfig read_soc(const YamlReader& reader);

}  // namespace lutra::scenario
