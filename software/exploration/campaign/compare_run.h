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
  std::optional<result::Result> at_own_clock;  // at equal area: the same design, the SoC at the engine's closing clock
  std::string error;                           // why one of them is missing
  Standing standing;                           // among the rows of its table
  Minimise minimise = Minimise::cycles;        // of a search
  std::vector<std::string> found;              // by it: settings; all else is given
  std::optional<double> least;                 // of what is minimised; no design of a search's space has less
};

// What is minimised, of a simulated frame: its energy where it is needed.
double cost_of(const result::Result& result, Minimise minimise);

// The rows of a comparison, equal in one respect.
struct ComparedTable {
  std::optional<SearchSpace> search;  // absent: each row as it is, at equal shape
  std::vector<ComparedPoint> points;  // as the comparison's rows
  SearchEffort effort;                // of all rows
  std::size_t simulated = 0;          // designs of all rows, at the common clock

  bool at_own_clock() const { return search && std::holds_alternative<EngineArea>(search->budget); }
  std::string equal() const;   // "equal shape", "equal device", "equal area"
  std::string within() const;  // what of; where not cycles are minimised, what is; empty at equal shape
};

struct ComparisonOutcome {
  bool interrupted = false;           // what was finished is stored
  std::vector<ComparedTable> tables;  // that at equal shape first
  std::size_t failed = 0;
};

// The figures of each.
std::vector<std::vector<nlohmann::ordered_json>> designs_of(const std::vector<ComparedPoint>& table);

// Runs every row as it is and, for each device or area the comparison names, with the best array within it: of those
// a search predicts to be best, a few are simulated; what the search finds is kept in the folder `arrays`. At equal
// area the best runs once more, the SoC at the closing clock of its engine. Points that the stores hold are not run
// again. A row that fails has its error. `options.progress` is not called. Throws Error when a store cannot be written.
ComparisonOutcome run_comparison(const Comparison& comparison, const Stores& stores, const EntryFolder& arrays,
                                 PointsOptions options, const CompareProgress& progress);

}  // namespace lutra::exploration
