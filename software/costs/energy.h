#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "software/costs/area.h"
#include "software/costs/price_list.h"
#include "software/simulation/measurement.h"

namespace lutra::costs {

// Energy in whole femtojoules: sums are exact and the same on every machine.
using Femtojoules = std::int64_t;

struct EnergyLine {
  std::size_t layer = 0;  // index into FrameMeasurement::ops; one past the end: outside every operation
  std::string component;
  std::string event;        // a counter's event, or "leakage"
  std::uint64_t count = 0;  // events, bytes or cycles; of leakage: cycles
  Femtojoules energy = 0;
  FigureKind kind = FigureKind::rule;  // of its price; leakage is a rule over cells
  double uncertainty_percent = 0;
};

struct FrameEnergy {
  std::string node;
  std::vector<EnergyLine> lines;  // by layer, then in the order of the counters, then leakage; zero counts left out
  double uncertainty_percent = 0;
  std::vector<Provenance> sources;  // those of the area table included where something leaks
};

// Prices what one frame counted, layer x component x event; `area` adds what the logic leaks in the frame's time.
FrameEnergy price_energy(const std::vector<models::CounterInfo>& counters, const simulation::FrameMeasurement& frame,
                         const PriceList& prices, const AsicArea& area, double clock_mhz);

}  // namespace lutra::costs
