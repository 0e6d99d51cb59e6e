#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "software/compiler/compiler.h"
#include "software/compiler/mapping/cycle_bound.h"
#include "software/costs/tables.h"
#include "software/exploration/search/design.h"
#include "software/exploration/search/frame_energy.h"
#include "software/exploration/search/search_space.h"
#include "software/network/quantised/quantised_network.h"

namespace lutra::exploration {

// A design, what it is predicted to take, and its place among others.
struct Evaluated {
  Design design;
  std::size_t hart_operations = 0;  // not among the cycles
  FrameCost frame;                  // without energy where only cycles are minimised
  double cost = 0;                  // what is minimised

  bool better_than(const Evaluated& other) const {
    return hart_operations != other.hart_operations ? hart_operations < other.hart_operations : cost < other.cost;
  }
};

// Prices, bounds and predicts designs of one scenario, each once.
class Evaluator {
 public:
  // All must outlive it. Throws Error naming the known devices, or nodes.
  Evaluator(const scenario::Scenario& scenario, const network::QuantisedNetwork& network, const SearchSpace& space,
            const Activity& activity, const costs::Tables& tables);

  // Whether it lies within the budget; false also for an engine that cannot be built.
  bool fits(const Design& design);

  // A lower bound of the cost with this array, post-processor and dataflow, whatever the rest; `smallest`: the design
  // with the smallest buffers and no memories. Empty where the array refuses an operation.
  std::optional<double> bound(const Design& smallest);

  // Empty where the design does not fit or cannot compute the network. A memory for weights, maps or commands of
  // accelerators::largest_buffer_bytes becomes as large as what stays in it.
  std::optional<Evaluated> evaluate(const Design& design);

  // The design with such memories as large as that; empty where it cannot compute the network.
  std::optional<Design> sized(const Design& design);

  SearchEffort& effort() { return effort_; }
  const std::string& refusal() const { return refusal_; }  // the last; empty: none

 private:
  struct Soc {  // with one width of the bus
    scenario::Scenario scenario;
    WithinBudget within;
  };

  Soc& soc(std::uint32_t bus_bytes);
  std::optional<Evaluated> predict(Design design);
  compiler::Program compile(const Design& design);

  const scenario::Scenario scenario_;  // on the budget's node
  const network::QuantisedNetwork& network_;
  const SearchSpace& space_;
  const Activity& activity_;
  const costs::Tables& tables_;
  compiler::CycleBound bound_;
  std::optional<EnergyBound> energy_bound_;  // where energy is minimised
  std::map<std::uint32_t, Soc> socs_;
  std::map<std::string, std::optional<Evaluated>> known_;
  SearchEffort effort_;
  std::string refusal_;
};

}  // namespace lutra::exploration
