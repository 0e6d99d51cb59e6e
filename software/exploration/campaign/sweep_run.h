#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "software/exploration/campaign/run_points.h"
#include "software/exploration/campaign/sweep.h"

namespace lutra::exploration {

// What became of one point.
struct SweepRow {
  std::string key;                              // of the stored result; empty where the scenario is not valid
  std::string error;                            // empty: the point has a result
  std::vector<nlohmann::ordered_json> figures;  // as figures(); empty without a result
  Standing standing;
};

struct SweepOutcome {
  bool interrupted = false;    // SIGINT or SIGTERM; what was finished is stored, and there are no rows
  std::vector<SweepRow> rows;  // as the sweep's points
  std::size_t ran = 0;         // now
  std::size_t stored = 0;      // results that were there already
  std::size_t failed = 0;
};

// Runs every point whose result the store lacks. A point that fails is a row with its error; it is tried again the next
// time. Rows do not depend on jobs, threads, or what was stored before. `options` say what the sweep does not
// (float_accuracy; point_seconds where the options name none). Throws Error when the store cannot be written.
SweepOutcome run_sweep(const Sweep& sweep, const Stores& stores, PointsOptions options);

// The figures of each.
std::vector<std::vector<nlohmann::ordered_json>> designs_of(const std::vector<SweepRow>& rows);

// "point 3 (engine.rows=8 scheme.weight_bits=4)"
std::string point_label(const Sweep& sweep, std::size_t index);

}  // namespace lutra::exploration
