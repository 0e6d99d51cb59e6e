#include "software/exploration/point/budget.h"

#include <fmt/format.h>

#include <algorithm>

#include "accelerators/engine/structure.h"
#include "accelerators/family/family.h"
#include "software/costs/resources.h"
#include "software/costs/soc_structure.h"
#include "software/exploration/point/price.h"

namespace lutra::exploration {

namespace {

using accelerators::EngineConfig;

WithinBudget within(const DeviceShare& share, const scenario::Scenario& scenario, const costs::Tables& tables) {
  const costs::Device device = costs::usable_device(tables, share.device, static_cast<int>(share.cap_percent));
  const auto& hard = device.hard_memories;
  const bool soft_controller = std::find(hard.begin(), hard.end(), scenario.soc.main_memory.kind) == hard.end();
  const std::vector<costs::SocBlock> blocks = costs::blocks_of(scenario.soc, tables.soc_blocks, soft_controller);
  accelerators::Structure soc = costs::soc_memories(scenario.soc);
  const accelerators::Structure paths = costs::wide_data_paths(scenario.soc, true);
  soc.insert(soc.end(), paths.begin(), paths.end());
  return [cap = share.cap_percent, device, blocks, soc](const EngineConfig& engine) {
    const auto family = accelerators::make_family(engine);
    accelerators::Structure structure = accelerators::engine_structure(engine, *family);
    structure.insert(structure.end(), soc.begin(), soc.end());
    const costs::FpgaResources cells = costs::pack(structure, blocks, device);
    return cells.lut_used_percent <= cap && cells.ff_used_percent <= cap && cells.dsp_used_percent <= cap &&
           cells.bram_used_percent <= cap;
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

WithinBudget within(const Budget& budget, const scenario::Scenario& scenario, const costs::Tables& tables) {
  return std::visit([&](const auto& kind) { return within(kind, scenario, tables); }, budget);
}

}  // namespace lutra::exploration
