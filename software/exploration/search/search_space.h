#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "accelerators/family/engine_config.h"
#include "software/exploration/point/budget.h"
#include "software/exploration/search/frame_cost.h"

namespace lutra::exploration {

// Engines to choose from, and what one may take.
struct SearchSpace {
  Budget budget;
  Minimise minimise = Minimise::cycles;
  std::vector<int> rows = {2, 4, 8, 12, 16, 24, 32, 48, 64};
  std::vector<int> columns = {2, 4, 8, 12, 16, 24, 32, 48, 64};
  std::vector<int> lanes = {1, 2, 4, 8, 16, 32, 64};
  std::vector<int> post_lanes = {1, 2, 4, 8, 16, 32, 64};
  std::vector<accelerators::Dataflow> dataflows = {accelerators::Dataflow::output_stationary,
                                                   accelerators::Dataflow::weight_stationary};
  std::vector<int> bus_bytes = {4, 8, 16, 32};  // at equal area, where nobody pays for it, the scenario's alone
  bool free_memories = true;                    // what stays on chip, and how much of it, is chosen too
  std::size_t most_compiled = 400;
};

// How many designs a search looked at.
struct SearchEffort {
  std::size_t shapes = 0;    // arrays, post lanes, dataflows and buses
  std::size_t left_out = 0;  // of these: too large whatever buffers are tried, or refused by the family
  std::size_t pruned = 0;    // of these, which no buffers can make the best
  std::size_t priced = 0;
  std::size_t compiled = 0;  // and predicted
};

}  // namespace lutra::exploration
