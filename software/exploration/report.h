#pragma once

#include <string>

#include "software/exploration/result.h"

namespace lutra::exploration {

// A result for people: what ran, one summary row, energy by component, resources, the comparison with published
// software, the layers.
std::string to_report(const Result& result);

}  // namespace lutra::exploration
