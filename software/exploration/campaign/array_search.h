#pragma once

#include <string>
#include <vector>

#include "software/costs/tables.h"
#include "software/exploration/point/budget.h"
#include "software/network/quantised/quantised_network.h"
#include "software/scenario/scenario.h"

namespace lutra::exploration {

// Shapes of an engine to choose from, and what it may take.
struct SearchSpace {
  Budget budget;
  std::vector<int> rows = {4, 8, 16, 32, 64};
  std::vector<int> columns = {4, 8, 16, 32, 64};
  std::vector<int> lanes = {1, 2, 4, 8, 16, 32, 64};
  std::vector<int> post_lanes = {1, 2, 4, 8, 16, 32, 64};
  std::vector<int> buffer_divisors = {1, 2, 4};  // of every buffer's capacity
};

struct ArrayChoice {
  accelerators::EngineConfig engine;
  std::uint64_t predicted_cycles = 0;  // the compute unit's, of a frame
};

// How many designs a search looked at.
struct SearchEffort {
  std::size_t priced = 0;
  std::size_t compiled = 0;  // of those within the budget
};

struct ArrayChoices {
  std::vector<ArrayChoice> best;
  SearchEffort effort;
};

// The engines of the scenario's family that lie within the budget and compute the network, the fewest predicted cycles
// first, at most `count`. Everything but shape, post lanes and buffers is as the scenario says. Throws Error naming the
// reason of the last refusal when there is none.
ArrayChoices search_arrays(const scenario::Scenario& scenario, const network::QuantisedNetwork& network,
                           const SearchSpace& space, std::size_t count, const costs::Tables& tables);

}  // namespace lutra::exploration
