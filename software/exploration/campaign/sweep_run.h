#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "software/costs/tables.h"
#include "software/exploration/campaign/point_store.h"
#include "software/exploration/campaign/sweep.h"

namespace lutra::exploration {

struct SweepOptions {
  const costs::Tables* tables = &costs::carried_tables();
  std::optional<std::filesystem::path> data;
  std::string program;             // digest of what computes the results
  std::filesystem::path networks;  // folder of quantised networks, which points share (network_store.h)
  std::size_t jobs = 1;            // points at a time, each a process
  std::size_t threads = 1;         // of the host, for all of them together
  Warn warn;                       // about stored networks that are set aside
  // Points that need no more work, of all that had to run. Called here, first with 0.
  std::function<void(std::size_t finished, std::size_t to_run)> progress;
};

// What became of one point.
struct SweepRow {
  std::string key;                              // of the stored result; empty where the scenario is not valid
  std::string error;                            // empty: the point has a result
  std::vector<nlohmann::ordered_json> figures;  // as figures(); empty without a result
  std::optional<bool> on_front;                 // of the Pareto front; absent where a goal's figure is
};

struct SweepOutcome {
  bool interrupted = false;    // SIGINT or SIGTERM; what was finished is stored, and there are no rows
  std::vector<SweepRow> rows;  // as the sweep's points
  std::size_t ran = 0;         // now
  std::size_t stored = 0;      // results that were there already
  std::size_t failed = 0;
};

// Runs every point whose result the store lacks. A point that fails is a row with its error; it is tried again the next
// time. Rows do not depend on jobs, threads, or what was stored before. Throws Error when the store cannot be written.
SweepOutcome run_sweep(const Sweep& sweep, const PointStore& store, const SweepOptions& options);

// "point 3 (engine.rows=8 scheme.weight_bits=4)"
std::string point_label(const Sweep& sweep, std::size_t index);

}  // namespace lutra::exploration
