#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "accelerators/family/engine_config.h"
#include "models/soc_config.h"
#include "models/statistics.h"
#include "software/compiler/compiler.h"

namespace lutra::traces {
class Timeline;
}

namespace lutra::exploration {

// Where a frame's cycles went. The causes of one operation add up to its cycles.
struct Causes {
  std::uint64_t compute = 0;   // the engine's array or post-processor works
  std::uint64_t load = 0;      // the array waits for data from memory
  std::uint64_t store = 0;     // the array waits for room in the output buffer, or only stores remain
  std::uint64_t command = 0;   // the engine fetches commands and nothing else
  std::uint64_t software = 0;  // the engine is idle: the hart computes, drives or takes an interrupt

  std::uint64_t total() const { return compute + load + store + command + software; }
};

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

// A timeline of the last frames, at most as many as there are.
struct Tracing {
  traces::Timeline* timeline = nullptr;  // null: none
  std::size_t frames = 1;
};

// Runs the program on the SoC, one frame after another. `frames`: what the sensor delivers, each of the image's
// frame_bytes. One simulation per process (the SystemC kernel is global). Throws Error when the software fails, hangs
// (saying who waits for what) or accesses an address that does not exist.
Simulation simulate(const models::SocConfig& soc, const std::optional<accelerators::EngineConfig>& engine,
                    const compiler::Program& program, const network::Edge& output,
                    const std::vector<std::vector<std::uint8_t>>& frames,
                    const std::function<void(std::size_t)>& progress = {}, const Tracing& tracing = {});

}  // namespace lutra::exploration
