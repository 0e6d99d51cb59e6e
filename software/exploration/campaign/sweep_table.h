#pragma once

#include <string>

#include "software/exploration/campaign/sweep_run.h"

namespace lutra::exploration {

// One line per point, in the order of the grid: number, the keys that differ (empty: as in the base), every figure, the
// front and the error.
std::string to_csv(const Sweep& sweep, const SweepOutcome& outcome);

// One JSON object per line and point: all the keys it sets, the figures or the error, and the key of the stored result.
std::string to_json_lines(const Sweep& sweep, const SweepOutcome& outcome);

// For people: the points, the front and what failed.
std::string to_report(const Sweep& sweep, const SweepOutcome& outcome);

}  // namespace lutra::exploration
