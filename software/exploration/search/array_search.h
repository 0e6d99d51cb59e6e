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
  std::vector<Evaluated> best;     // one of each shape, the fastest first
  std::uint64_t least_cycles = 0;  // a lower bound of a frame of any design of the space
  SearchEffort effort;
};

// The designs of the scenario's family within the budget that are predicted to be fastest, at most `count`. What is
// not in the space is as the scenario says. README.md has the method, and what it leaves out. Throws Error naming the
// reason of the last refusal when no design computes the network.
ArrayChoices search_arrays(const scenario::Scenario& scenario, const network::QuantisedNetwork& network,
                           const SearchSpace& space, std::size_t count, const costs::Tables& tables);

}  // namespace lutra::exploration
