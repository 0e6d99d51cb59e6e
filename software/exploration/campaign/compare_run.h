#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "software/exploration/campaign/comparison.h"
#include "software/exploration/campaign/run_points.h"
#include "software/exploration/point/entry_folder.h"
#include "software/result/result.h"

namespace lutra::exploration {

// What is told while a comparison runs.
using CompareProgress = std::function<void(const std::string& stage, std::size_t done, std::size_t total)>;

// What became of a row in one table.
struct ComparedPoint {
  std::optional<result::Result> result;
  std::string error;  // where there is none
  Standing standing;  // among the rows of its table
};

struct ComparisonOutcome {
  bool interrupted = false;                 // what was finished is stored
  std::vector<ComparedPoint> equal_shape;   // as the comparison's rows
  std::vector<ComparedPoint> equal_device;  // empty without a device
  std::size_t failed = 0;
};

// The figures of each.
std::vector<std::vector<nlohmann::ordered_json>> designs_of(const std::vector<ComparedPoint>& table);

// Runs every row as it is and, where the comparison names a device, with the fastest array that fits it: of those a
// search predicts to be fastest, a few are simulated; what the search finds is kept in the folder `arrays`. Points that
// the stores hold are not run again. A row that fails has its error. `options.progress` is not called. Throws Error
// when a store cannot be written.
ComparisonOutcome run_comparison(const Comparison& comparison, const Stores& stores, const EntryFolder& arrays,
                                 PointsOptions options, const CompareProgress& progress);

}  // namespace lutra::exploration
