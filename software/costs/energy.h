#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "software/costs/area.h"
#include "software/costs/price_list.h"

namespace lutra::costs {

// Energy in whole femtojoules: sums are exact and the same on every machine.
using Femtojoules = std::int64_t;

// What a counter counted.
struct EventCount {
  std::string component;
  std::string event;
  std::uint64_t count = 0;  // events, bytes or cycles

  bool operator==(const EventCount&) const = default;
};

// What a frame spent in one layer.
struct CountedLayer {
  std::uint64_t cycles = 0;
  std::vector<EventCount> events;  // those that counted something
};

struct EnergyLine {
  std::size_t layer = 0;
  std::string component;
  std::string event;        // a counter's event, or "leakage"
  std::uint64_t count = 0;  // events, bytes or cycles; of leakage: cycles
  Femtojoules energy = 0;
  FigureKind kind = FigureKind::rule;  // of its price; leakage is a rule over cells
  double uncertainty_percent = 0;
};

struct FrameEnergy {
  std::string node;
  std::vector<EnergyLine> lines;  // by layer, then in the order of its events, then leakage
  double uncertainty_percent = 0;
  std::vector<Provenance> sources;  // those of the area table included where something leaks

  Femtojoules total() const;
};

// Prices what one frame counted, layer x component x event; `area` adds what the logic leaks in the frame's time.
FrameEnergy price_energy(const std::vector<CountedLayer>& layers, const PriceList& prices, const AsicArea& area,
                         double clock_mhz);

}  // namespace lutra::costs
