#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "software/costs/tables.h"
#include "software/scenario/scenario.h"

namespace lutra::exploration {

// So much of LUT, FF, DSP and BRAM each, the SoC around the engine included.
struct DeviceShare {
  std::string device = "zynq-7020";
  double cap_percent = 75;
};

// Cell area of the engine with its buffers, without the SoC around it.
struct EngineArea {
  std::string node = "45nm";
  double mm2 = 1;
};

// What an engine may take.
using Budget = std::variant<DeviceShare, EngineArea>;

std::string text(const Budget& budget);  // "zynq-7020 filled up to 75 %", "1 mm2 at 45nm"

// The settings of a scenario with which a result is priced on what the budget is of: "implementations.fpga=zynq-7020".
std::vector<std::string> settings(const Budget& budget);

// The node that energy is of: the area's, or what was chosen.
std::string node_of(const Budget& budget, const std::string& chosen);

// Whether an engine lies within the budget, in the SoC of the scenario. Throws Error where there can be no such engine.
using WithinBudget = std::function<bool(const accelerators::EngineConfig&)>;

// Scenario and tables must outlive it. Throws Error naming the known devices, or nodes.
WithinBudget within(const Budget& budget, const scenario::Scenario& scenario, const costs::Tables& tables);

}  // namespace lutra::exploration
