#pragma once

#include <cstdint>
#include <span>

#include "accelerators/engine/events.h"
#include "accelerators/family/family.h"

namespace lutra::prediction {

// Counts what the engine does in a stream at `address`, such a share of the array's products having no factor of zero:
// Family::expected.
void count_stream(std::span<const std::uint8_t> stream, std::uint32_t address, double share,
                  const accelerators::EngineConfig& config, const accelerators::Family& family,
                  accelerators::EventCounters& counters);

}  // namespace lutra::prediction
