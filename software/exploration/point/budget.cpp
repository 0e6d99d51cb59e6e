#include "software/exploration/point/budget.h"

#include <fmt/format.h>

#include "software/exploration/point/price.h"

namespace lutra::exploration {

namespace {

using accelerators::EngineConfig;

WithinBudget within(const DeviceShare& share, const scenario::Scenario& scenario, const costs::Tables& tables) {
  costs::find_device(tables, share.device);
  const costs::Implementations on{.fpga = share.device, .dsp_percent = static_cast<int>(share.cap_percent)};
  return [cap = share.cap_percent, on, &scenario, &tables](const std::optional<EngineConfig>& engine) {
    const auto cells = price_resources({scenario.soc, engine, on}, tables);
    return cells->lut_used_percent <= cap && cells->ff_used_percent <= cap && cells->dsp_used_percent <= cap &&
           cells->bram_used_percent <= cap;
  };
}

WithinBudget within(const EngineArea& area, const scenario::Scenario& scenario, const costs::Tables& tables) {
  costs::find_target(tables, area.node);
  const costs::Implementations on{.asic = area.node};
  return [um2 = area.mm2 * 1e6, on, &scenario, &tables](const std::optional<EngineConfig>& engine) {
    return price_area({scenario.soc, engine, on}, tables)->engine_um2() <= um2;
  };
}

std::string text(const DeviceShare& share) {
  return fmt::format("{} filled up to {} %", share.device, share.cap_percent);
}
std::string text(const EngineArea& area) { return fmt::format("{} mm2 at {}", area.mm2, area.node); }

std::vector<std::string> settings(const DeviceShare& share) {
  return {fmt::format("implementations.fpga={}", share.device),
          fmt::format("implementations.dsp_percent={}", static_cast<int>(share.cap_percent))};
}
std::vector<std::string> settings(const EngineArea& area) { return {"implementations.asic=" + area.node}; }

}  // namespace

std::string text(const Budget& budget) {
  return std::visit([](const auto& kind) { return text(kind); }, budget);
}

std::vector<std::string> settings(const Budget& budget) {
  return std::visit([](const auto& kind) { return settings(kind); }, budget);
}

std::string node_of(const Budget& budget, const std::string& chosen) {
  const auto* area = std::get_if<EngineArea>(&budget);
  return area != nullptr ? area->node : chosen;
}

WithinBudget within(const Budget& budget, const scenario::Scenario& scenario, const costs::Tables& tables) {
  return std::visit([&](const auto& kind) { return within(kind, scenario, tables); }, budget);
}

}  // namespace lutra::exploration
