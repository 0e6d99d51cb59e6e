#pragma once

#include <string>

#include "models/base/soc_config.h"

namespace lutra::models {

// What knobs of the SoC contradict each other, by name and value; empty where none do.
std::string contradiction(const SocConfig& soc);

}  // namespace lutra::models
