#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "accelerators/family/family.h"
#include "models/base/soc_config.h"

namespace lutra::prediction {

struct Prediction {
  std::uint64_t cycles = 0;
  std::size_t hart_operations = 0;  // which the hart computes, and whose cycles are not among them
};

// Cycles of a steady frame without SystemC and without computing anything: the program's command streams run through
// the engine's units and the timing of main memory, and the software around them takes what it was measured to take.
// README.md has the error against the simulation.
Prediction predict_frame(std::span<const std::uint8_t> image, const models::SocConfig& soc,
                         const accelerators::EngineConfig& engine, const accelerators::Family& family);

// A lower bound of what the software takes in a frame that begins and ends on the engine.
std::uint64_t least_software_cycles();

}  // namespace lutra::prediction
