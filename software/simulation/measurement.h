#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/base/statistics.h"

namespace lutra::simulation {

// Where a frame's cycles went. The causes of one operation add up to its cycles.
struct Causes {
  std::uint64_t compute = 0;   // the engine's array or post-processor works
  std::uint64_t load = 0;      // the array waits for data from memory
  std::uint64_t store = 0;     // the array waits for room in the output buffer, or only stores remain
  std::uint64_t command = 0;   // the engine fetches commands and nothing else
  std::uint64_t software = 0;  // the engine is idle: the hart computes, drives or takes an interrupt

  std::uint64_t total() const { return compute + load + store + command + software; }
};

inline Causes& operator+=(Causes& sum, const Causes& causes) {
  sum.compute += causes.compute;
  sum.load += causes.load;
  sum.store += causes.store;
  sum.command += causes.command;
  sum.software += causes.software;
  return sum;
}

// Cycles in which each of the engine's units works; they overlap.
struct UnitCycles {
  std::uint64_t fetch = 0;
  std::uint64_t load = 0;
  std::uint64_t compute = 0;
  std::uint64_t store = 0;
};

struct OpMeasurement {
  std::uint64_t cycles = 0;
  std::uint64_t hart_cycles = 0;  // the firmware's own profile (mcycle)
  std::uint64_t hart_instructions = 0;
  Causes causes;
  std::vector<std::uint64_t> counters;  // what each counter of Simulation::counters gained
};

struct FrameMeasurement {
  std::vector<OpMeasurement> ops;  // in the order of Program::ops
  OpMeasurement outside;           // the frame's cycles that belong to no operation
  std::uint64_t cycles = 0;        // the sum of all of them
  std::vector<std::int32_t> logits;
};

struct Simulation {
  std::vector<models::CounterInfo> counters;
  std::vector<FrameMeasurement> frames;
  double host_seconds_startup = 0;  // printed, never part of a result
  double host_seconds_frames = 0;
  std::string console;
};

}  // namespace lutra::simulation
