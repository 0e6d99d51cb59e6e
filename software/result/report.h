#pragma once

#include <string>

#include "software/result/result.h"

namespace lutra::result {

// A result for people: what ran, one summary row, energy by component, resources, the comparison with published
// software, the layers.
std::string to_report(const Result& result);

// How often each class was taken for each, a table behind an empty line; why there is none; or nothing where there are
// no labels.
std::string confusion_text(const Result& result);

// Whether `asked_mhz` holds, as a clause.
std::string clock_text(const ClockFacts& clock, double asked_mhz);

}  // namespace lutra::result
