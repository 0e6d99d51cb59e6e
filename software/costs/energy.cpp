#include "software/costs/energy.h"

#include <algorithm>
#include <cmath>

namespace lutra::costs {

namespace {

constexpr double femtojoules_per_picojoule = 1000;

void cite(std::vector<Provenance>& sources, const Provenance& provenance) {
  if (std::find(sources.begin(), sources.end(), provenance) == sources.end()) sources.push_back(provenance);
}

}  // namespace

Femtojoules FrameEnergy::total() const {
  Femtojoules sum = 0;
  for (const EnergyLine& line : lines) sum += line.energy;
  return sum;
}

FrameEnergy price_energy(const std::vector<CountedLayer>& layers, const PriceList& prices, const AsicArea& area,
                         double clock_mhz) {
  FrameEnergy result;
  result.node = prices.node();
  Estimate total;
  const auto add = [&](std::size_t layer, const std::string& component, const std::string& event, std::uint64_t count,
                       double picojoules, FigureKind kind, double uncertainty) {
    const auto energy = static_cast<Femtojoules>(std::llround(picojoules * femtojoules_per_picojoule));
    result.lines.push_back({layer, component, event, count, energy, kind, uncertainty});
    total.value += picojoules;
    total.error += picojoules * uncertainty / 100;
  };
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    for (const auto& [component, event, count] : layers[layer].events) {
      const std::optional<Price> price = prices.find(component, event);
      if (!price) continue;
      add(layer, component, event, count, price->pj * static_cast<double>(count), price->provenance.kind,
          price->provenance.uncertainty_percent);
      cite(result.sources, price->provenance);
    }
    const std::uint64_t cycles = layers[layer].cycles;
    for (const ComponentArea& component : area.components) {
      if (component.leakage_nw.value == 0 || cycles == 0) continue;
      const double microseconds = static_cast<double>(cycles) / clock_mhz;
      constexpr double picojoules_per_nanowatt_microsecond = 1e-3;
      add(layer, component.component, "leakage", cycles,
          component.leakage_nw.value * microseconds * picojoules_per_nanowatt_microsecond, FigureKind::rule,
          component.leakage_nw.uncertainty_percent());
    }
  }
  if (area.leakage_nw.value != 0)
    for (const Provenance& provenance : area.sources) cite(result.sources, provenance);
  result.uncertainty_percent = total.uncertainty_percent();
  return result;
}

}  // namespace lutra::costs
