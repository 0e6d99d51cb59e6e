#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "software/costs/tables.h"
#include "software/exploration/campaign/comparison.h"
#include "software/exploration/campaign/point_store.h"
#include "software/result/result.h"

namespace lutra::exploration {

struct CompareOptions {
  const costs::Tables* tables = &costs::carried_tables();
  std::optional<std::filesystem::path> data;
  std::string program;             // digest of what computes the results
  std::filesystem::path networks;  // folder of quantised networks, which rows share (network_store.h)
  std::size_t jobs = 1;            // processes at a time
  std::size_t threads = 1;         // of the host, for all of them together
  Warn warn;                       // about stored networks and arrays that are set aside
  std::function<void(const std::string& stage, std::size_t done, std::size_t total)> progress;
};

// What became of a row in one table.
struct ComparedPoint {
  std::optional<result::Result> result;
  std::string error;      // where there is none
  bool on_front = false;  // no row of the table is as good in accuracy, cycles and energy and better in one
};

struct ComparisonOutcome {
  bool interrupted = false;                 // what was finished is stored
  std::vector<ComparedPoint> equal_shape;   // as the comparison's rows
  std::vector<ComparedPoint> equal_device;  // empty without a device
  std::size_t failed = 0;
};

// Quantises each network once, runs every row as it is and, where the comparison names a device, with the fastest array
// that fits it: of those a search predicts to be fastest, a few are simulated. Points that the store holds are not run
// again. Throws Error when the store cannot be written.
ComparisonOutcome run_comparison(const Comparison& comparison, const PointStore& store, const CompareOptions& options);

}  // namespace lutra::exploration
