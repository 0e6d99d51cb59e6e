#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "software/costs/tables.h"
#include "software/exploration/campaign/point_store.h"
#include "software/exploration/point/inputs.h"
#include "software/exploration/point/network_store.h"
#include "software/scenario/override.h"

namespace lutra::exploration {

// Scenarios to run: made when they are needed, there may be many.
struct Points {
  std::size_t count = 0;
  std::function<scenario::Variant(std::size_t)> variant;  // throws Error for one that is not valid
};

// Where results and networks are kept, so that nothing is computed twice.
struct Stores {
  PointStore points;
  NetworkStore networks;
};

struct PointsOptions {
  const costs::Tables* tables = &costs::carried_tables();
  Inputs* inputs = nullptr;  // read before the first point begins; not to be null
  std::string program;       // digest of what computes the results
  bool float_accuracy = true;
  std::optional<int> point_seconds;  // a network or a point that takes longer is ended, and fails
  std::size_t jobs = 1;              // processes at a time
  std::size_t threads = 1;           // of the host, for all of them together
  // Points that need no more work, of all that had to run. Called here, first with 0.
  std::function<void(std::size_t finished, std::size_t to_run)> progress;
};

constexpr int most_point_seconds = 1'000'000;

// The key `point_seconds`, where the mapping has it. Throws Error "file:line: ...".
std::optional<int> read_point_seconds(const YamlMapping& keys);

// What became of one point.
struct PointOutcome {
  std::string key;    // of the stored result; empty where the scenario is not valid
  std::string error;  // empty: there is a result
  std::string json;   // the result, where there is no store
};

struct PointsOutcome {
  bool interrupted = false;          // SIGINT or SIGTERM; what was finished is stored
  std::vector<PointOutcome> points;  // as the scenarios
  std::size_t ran = 0;               // now
  std::size_t stored = 0;            // results that were there already
};

// The one runner of many points: every network is quantised and measured once, in a process of its own, then its points
// run, a process each. What the stores hold is not run again; without stores everything runs. A point that fails is an
// outcome with its error, and is tried again the next time. Outcomes do not depend on jobs, threads, or what was stored
// before. Throws Error when a store cannot be written.
PointsOutcome run_points(const Points& points, const Stores* stores, const PointsOptions& options);

}  // namespace lutra::exploration
