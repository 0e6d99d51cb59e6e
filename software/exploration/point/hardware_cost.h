#pragma once

#include "software/costs/tables.h"
#include "software/exploration/point/prepare.h"

namespace lutra::exploration {

// What a quantised network costs on the scenario's SoC: cycles, or microjoules on its ASIC node, of the second of two
// frames of the first image, simulated in a process of its own. Scenario, tables and images must outlive it. Throws
// Error for energy where the scenario names no ASIC node; the cost throws what compiling and simulating throw.
MeasuredCost hardware_cost(const scenario::Scenario& scenario, const costs::Tables& tables = costs::carried_tables());

}  // namespace lutra::exploration
