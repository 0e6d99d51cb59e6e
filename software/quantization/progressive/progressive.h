#pragma once

#include <functional>
#include <string>
#include <vector>

#include "software/quantization/scheme.h"

namespace lutra::quantization {

struct ProgressiveLayer {
  std::string name;
  double separability = 0;  // 0..1, never falling with depth
  int weight_bits = 0;
  int activation_bits = 0;
};

struct ProgressiveChoice {
  Options options;                       // for Scheme::quantize: the chosen bits are in `layers`
  std::vector<ProgressiveLayer> layers;  // those whose bits were chosen, in the order of their execution
  double budget = 0;                     // in the unit of the measure
  double cost = 0;                       // at most the budget
  double homogeneous_cost = 0;
};

// What a quantised network costs in the unit of Progressive::measure.
using NetworkCost = std::function<double(const network::QuantisedNetwork&)>;

NetworkCost memory_cost();  // bytes of stored weights and tables

// Chooses the weight bits of every layer but the first and the last (and those named in Options::layers) for
// options.scheme: each layer's separability is normalised to 0..1 and made its running maximum over depth; bits fall
// from the first of the levels to the last where it passes the thresholds t * 1/m, ..., t * m/m of m + 1 levels, where
// t is the largest that keeps the budget (of layers that are equal, the deeper falls first). So bits never rise with
// depth and a larger budget never lowers them. `cost` is asked about quantised networks; it is taken to fall with t.
// The network of the result has been asked about: its cost is within the budget. Throws Error when not even the lowest
// level keeps the budget, for levels that do not descend within 1..8, for
// activation levels that rise or are not as many, and as separability() does. Precondition:
// options.progressive.
ProgressiveChoice choose_progressive(const network::Graph& graph, const network::Normalisation& normalisation,
                                     const network::Dataset& calibration, const Options& options,
                                     const NetworkCost& cost);

// "4, 3, 2", or with activation levels "W4 A4, W2 A2, W1 A2".
std::string levels_text(const Progressive& progressive);

// The rule alone: bits of each layer after the first `steps` of the separability.size() * (levels.size() - 1) steps
// down that t takes.
std::vector<int> progressive_bits(const std::vector<double>& separability, const std::vector<int>& levels,
                                  std::size_t steps);

// Normalised to 0..1, then its running maximum.
std::vector<double> normalised_separability(std::vector<double> values);

}  // namespace lutra::quantization
