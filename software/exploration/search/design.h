#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "accelerators/family/engine_config.h"
#include "accelerators/family/memory_use.h"
#include "software/exploration/point/budget.h"
#include "software/exploration/search/search_space.h"
#include "software/scenario/scenario.h"

namespace lutra::exploration {

// What a search chooses of a scenario.
struct Design {
  accelerators::EngineConfig engine;
  accelerators::MemoryUse memory;
  std::uint32_t bus_bytes = 8;  // soc.interconnect.width_bytes
};

Design design_of(const scenario::Scenario& scenario);

// The scenario with this design in it.
scenario::Scenario with(const scenario::Scenario& scenario, const Design& design);

// The settings that make a scenario's design this one, priced on what the budget is of: "engine.rows=8".
std::vector<std::string> settings(const Design& design, const Budget& budget);

// Of these settings, those whose value a search of the space chooses; the others are given.
std::vector<std::string> found(const Design& design, const SearchSpace& space);

}  // namespace lutra::exploration
