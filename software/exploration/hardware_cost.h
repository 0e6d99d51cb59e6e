#pragma once

#include "software/exploration/scenario.h"
#include "software/network/dataset.h"
#include "software/quantization/progressive.h"

namespace lutra::exploration {

// What a quantised network costs on the scenario's SoC: cycles, or microjoules on its ASIC node, of the second of two
// frames of the first image of `images`, simulated in a process of its own. Scenario and images must outlive it. Throws
// Error for energy where the scenario names no ASIC node; the cost throws what compiling and simulating throw.
quantization::NetworkCost hardware_cost(const Scenario& scenario, const network::Dataset& images,
                                        quantization::Progressive::Measure measure);

}  // namespace lutra::exploration
