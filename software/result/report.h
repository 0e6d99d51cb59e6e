#pragma once

#include <string>

#include "software/result/result.h"

namespace lutra::result {

// A result for people: what ran, one summary row, energy by component, resources, the comparison with published
// software, the layers.
std::string to_report(const Result& result);

}  // namespace lutra::result
