#pragma once

#include "software/common/yaml.h"
#include "software/scenario/override.h"

namespace lutra::scenario {

// What sweeps and comparisons have in common: a base scenario and values for its keys.

// The value of a key 'base': a file beside `file`, or what load_base loads. Throws Error with the key's place.
BaseScenario read_base(const YamlReader& reader, const std::string& file, const costs::Tables& tables);

// A mapping from keys of a scenario ("engine.rows") to values.
Overrides read_settings(const YamlReader& reader, const std::string& file);

}  // namespace lutra::scenario
