#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "software/costs/tables.h"
#include "software/exploration/search/evaluator.h"
#include "software/exploration/search/search_space.h"
#include "software/network/quantised/quantised_network.h"
#include "software/scenario/scenario.h"

namespace lutra::exploration {

struct ArrayChoices {
  std::vector<Evaluated> best;  // one of each shape, the best first
  double least = 0;             // a lower bound of what is minimised, of any design of the space
  SearchEffort effort;
};

// The designs of the scenario's family within the budget that are predicted to be best in what the space minimises, at
// most `count`. What is not in the space is as the scenario says. The activity matters where energy is minimised.
// README.md has the method, and what it leaves out. Throws Error naming the reason of the last refusal when no design
// computes the network.
ArrayChoices search_arrays(const scenario::Scenario& scenario, const network::QuantisedNetwork& network,
                           const SearchSpace& space, std::size_t count, const costs::Tables& tables,
                           const Activity& activity = {});

}  // namespace lutra::exploration
