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

FrameEnergy price_energy(const std::vector<models::CounterInfo>& counters, const simulation::FrameMeasurement& frame,
                         const PriceList& prices, const AsicArea& area, double clock_mhz) {
  FrameEnergy result;
  result.node = prices.node();
  // A counter that never counts (a cache that does not exist) needs no price.
  const auto counted = [&](std::size_t i) {
    return frame.outside.counters[i] != 0 ||
           std::any_of(frame.ops.begin(), frame.ops.end(),
                       [i](const simulation::OpMeasurement& op) { return op.counters[i] != 0; });
  };
  std::vector<std::optional<Price>> price_of;
  for (std::size_t i = 0; i < counters.size(); ++i)
    price_of.push_back(counted(i) ? prices.find(counters[i]) : std::nullopt);

  Estimate total;
  const auto add = [&](std::size_t layer, const std::string& component, const std::string& event, std::uint64_t count,
                       double picojoules, FigureKind kind, double uncertainty) {
    const auto energy = static_cast<Femtojoules>(std::llround(picojoules * femtojoules_per_picojoule));
    result.lines.push_back({layer, component, event, count, energy, kind, uncertainty});
    total.value += picojoules;
    total.error += picojoules * uncertainty / 100;
  };
  for (std::size_t layer = 0; layer <= frame.ops.size(); ++layer) {
    const simulation::OpMeasurement& op = layer < frame.ops.size() ? frame.ops[layer] : frame.outside;
    for (std::size_t i = 0; i < counters.size(); ++i) {
      if (!price_of[i] || op.counters[i] == 0) continue;
      add(layer, counters[i].component, counters[i].event, op.counters[i],
          price_of[i]->pj * static_cast<double>(op.counters[i]), price_of[i]->provenance.kind,
          price_of[i]->provenance.uncertainty_percent);
      cite(result.sources, price_of[i]->provenance);
    }
    for (const ComponentArea& component : area.components) {
      if (component.leakage_nw.value == 0 || op.cycles == 0) continue;
      const double microseconds = static_cast<double>(op.cycles) / clock_mhz;
      constexpr double picojoules_per_nanowatt_microsecond = 1e-3;
      add(layer, component.component, "leakage", op.cycles,
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
