#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "accelerators/family/engine_config.h"
#include "models/base/soc_config.h"
#include "software/compiler/compiler.h"
#include "software/simulation/measurement.h"

namespace lutra::traces {
class Timeline;
}

namespace lutra::simulation {

// A timeline of the frames from `first` to `last`.
struct Tracing {
  traces::Timeline* timeline = nullptr;  // null: none
  std::size_t first = 0;
  std::size_t last = 0;
};

// What the inference software takes of the TCM, its stack included.
std::uint32_t firmware_bytes();

// Runs the program on the SoC, one frame after another. `frames`: what the sensor delivers, each of the image's
// frame_bytes; it begins anew with the first until the frames behind the very first took `steady_cycles`. One
// simulation per process (the SystemC kernel is global). Throws Error when the software fails, hangs (saying who waits
// for what) or accesses an address that does not exist.
Simulation simulate(const models::SocConfig& soc, const std::optional<accelerators::EngineConfig>& engine,
                    const compiler::Program& program, const network::Edge& output,
                    const std::vector<std::vector<std::uint8_t>>& frames, std::uint64_t steady_cycles = 0,
                    const std::function<void(std::size_t)>& progress = {}, const Tracing& tracing = {});

}  // namespace lutra::simulation
