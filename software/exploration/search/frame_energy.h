#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "software/compiler/mapping/cycle_bound.h"
#include "software/costs/energy.h"
#include "software/costs/tables.h"
#include "software/network/quantised/quantised_network.h"
#include "software/prediction/predict.h"
#include "software/result/result.h"
#include "software/scenario/scenario.h"

namespace lutra::exploration {

// What of a frame's energy no prediction knows: it depends on data, or is the hart's. It is the same for all designs of
// a family, variant and options.
struct Activity {
  double share = 0.5;                     // of the array's products that have no factor of zero
  std::vector<costs::EventCount> others;  // what neither the engine nor the interconnect nor main memory counts
};

// From a result of this scenario and network: the share is that with which a prediction finds the array's energy.
// Throws Error where the result has no energy, or no engine.
Activity activity_of(const result::Result& result, const scenario::Scenario& scenario,
                     const network::QuantisedNetwork& network, const costs::Tables& tables);

// Predicted microjoules of a frame on the scenario's ASIC node; the prediction counts events.
double frame_microjoules(const prediction::Prediction& predicted, const Activity& activity,
                         const scenario::Scenario& scenario, const costs::Tables& tables);

// What a frame takes at least, where no memory is cheaper than a smaller one.
class EnergyBound {
 public:
  // All must outlive it.
  EnergyBound(const Activity& activity, const scenario::Scenario& scenario, const costs::Tables& tables);

  // A lower bound of the microjoules of a frame that takes so many cycles or more: the array's products and the words
  // they are read from (CycleBound::tiles), main memory at rest, what leaks, and the hart. `smallest`: the scenario
  // with the array, the smallest buffers and no memories.
  double microjoules(const std::vector<compiler::TileChoices>& operations, std::uint64_t cycles,
                     const scenario::Scenario& smallest) const;

 private:
  const Activity& activity_;
  const costs::Tables& tables_;
  std::string rest_;  // the cheapest state of main memory; empty: static RAM
  prediction::IdleMemory idle_;
};

}  // namespace lutra::exploration
