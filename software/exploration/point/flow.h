#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "software/costs/tables.h"
#include "software/exploration/point/inputs.h"
#include "software/network/quantised/quantised_network.h"
#include "software/result/result.h"
#include "software/scenario/scenario.h"

namespace lutra::exploration {

// A timeline of the reported frame and those before it (traces/README.md).
struct TraceOptions {
  std::filesystem::path file;
  std::size_t frames = 1;
};

// Called from the calling thread while a long stage runs.
using StageProgress = std::function<void(const std::string& stage, std::size_t done, std::size_t total)>;

// A quantised network and how accurate it is: what points share that differ in hardware alone.
struct MeasuredNetwork {
  network::QuantisedNetwork network;
  result::AccuracyFacts accuracy;
};

struct FlowOptions {
  const costs::Tables* tables = &costs::carried_tables();
  std::optional<std::size_t> images;    // instead of the scenario's
  std::optional<std::size_t> simulate;  // instead of the scenario's
  int jobs = 0;                         // threads of the reference executors; 0: all cores
  bool float_accuracy = true;
  std::optional<TraceOptions> trace;
  StageProgress progress;
  const MeasuredNetwork* measured = nullptr;  // where the scenario's network was measured before
};

// Host seconds per stage: printed, never part of a result.
struct StageTime {
  std::string stage;
  double seconds = 0;
};

struct FlowOutcome {
  result::Result result;
  std::vector<StageTime> times;
  std::string console;  // what the software on the SoC printed
};

// The scenario's network, quantised, and its accuracy. Throws Error.
MeasuredNetwork measure_network(const scenario::Scenario& scenario, Inputs& inputs, const FlowOptions& options);

// The whole path: load, quantise, accuracy on the host, compile, simulate, compare every frame's logits with the
// reference, price. One call per process (see simulation.h). Throws Error.
FlowOutcome run_scenario(const scenario::Scenario& scenario, Inputs& inputs, const FlowOptions& options);

}  // namespace lutra::exploration
