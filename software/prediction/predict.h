#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "accelerators/family/family.h"
#include "models/base/soc_config.h"

namespace lutra::prediction {

// What a counter of the simulation of this name counts in the frame.
struct PredictedEvent {
  std::string component;
  std::string event;
  std::uint64_t count = 0;
};

struct Prediction {
  std::uint64_t cycles = 0;
  std::size_t hart_operations = 0;  // which the hart computes, and whose cycles are not among them
  // Of engine, interconnect and main memory; those that counted something. Empty where nobody asked for them.
  std::vector<PredictedEvent> events;
};

// Cycles of a steady frame without SystemC and without computing anything: the program's command streams run through
// the engine's units and the timing of main memory, and the software around them takes what it was measured to take.
// README.md has the error against the simulation. `share`: counts events too, such a share of the array's products
// having no factor of zero.
Prediction predict_frame(std::span<const std::uint8_t> image, const models::SocConfig& soc,
                         const accelerators::EngineConfig& engine, const accelerators::Family& family,
                         std::optional<double> share = {});

// What main memory does by time alone, per cycle of the SoC; zeros: static RAM.
struct IdleMemory {
  double clocks_per_cycle = 0;
  double refreshes_per_cycle = 0;
};
IdleMemory idle_memory(const models::SocConfig& soc);

// A lower bound of what the software takes in a frame that begins and ends on the engine.
std::uint64_t least_software_cycles();

}  // namespace lutra::prediction
