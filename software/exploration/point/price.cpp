#include "software/exploration/point/price.h"

#include <algorithm>

#include "software/costs/area.h"
#include "software/costs/energy.h"
#include "software/costs/price_list.h"
#include "software/costs/resources.h"
#include "software/costs/soc_structure.h"

namespace lutra::exploration {

namespace {

accelerators::Structure whole_structure(const Hardware& hardware) {
  accelerators::Structure structure = costs::soc_memories(hardware.soc);
  const accelerators::Structure paths = costs::wide_data_paths(hardware.soc, hardware.engine.has_value());
  structure.insert(structure.end(), paths.begin(), paths.end());
  const accelerators::Structure engine = costs::engine_part(hardware.engine);
  structure.insert(structure.end(), engine.begin(), engine.end());
  return structure;
}

costs::AsicArea area_of(const Hardware& hardware, const costs::Tables& tables) {
  const costs::AsicTarget& target = costs::find_target(tables, hardware.implementations.asic);
  return costs::price_area(whole_structure(hardware), costs::blocks_of(hardware.soc, tables.soc_blocks, true),
                           target.area);
}

std::optional<result::EnergyFacts> price_energy(const result::Result& result, const Hardware& hardware,
                                                const costs::Tables& tables) {
  std::vector<costs::CountedLayer> layers;
  for (const result::LayerFacts& layer : result.layers) layers.push_back({layer.cycles, layer.counters});
  std::optional<costs::FrameEnergy> energy = price_frame(hardware, layers, tables);
  if (!energy) return std::nullopt;
  const costs::AsicTarget& target = costs::find_target(tables, hardware.implementations.asic);
  result::EnergyFacts facts;
  facts.implementation = "asic:" + target.node;
  facts.uncertainty_percent = energy->uncertainty_percent;
  facts.sources = std::move(energy->sources);
  facts.not_counted = target.not_counted;
  facts.total = energy->total();
  facts.lines = std::move(energy->lines);
  return facts;
}

}  // namespace

std::optional<costs::FrameEnergy> price_frame(const Hardware& hardware, const std::vector<costs::CountedLayer>& layers,
                                              const costs::Tables& tables) {
  if (hardware.implementations.asic.empty()) return std::nullopt;
  const costs::AsicTarget& target = costs::find_target(tables, hardware.implementations.asic);
  const costs::PriceList prices(
      costs::energy_tables(target, hardware.soc.main_memory.kind, hardware.engine ? hardware.engine->family : ""),
      costs::pricing_context(hardware.soc, hardware.engine));
  return costs::price_energy(layers, prices, area_of(hardware, tables), hardware.soc.clock_mhz);
}

std::optional<result::ResourceFacts> price_resources(const Hardware& hardware, const costs::Tables& tables) {
  const costs::Implementations& on = hardware.implementations;
  if (on.fpga.empty()) return std::nullopt;
  const costs::Device device = costs::usable_device(tables, on.fpga, on.dsp_percent);
  const auto& hard = device.hard_memories;
  const bool soft_controller = std::find(hard.begin(), hard.end(), hardware.soc.main_memory.kind) == hard.end();
  const costs::FpgaResources cells = costs::pack(
      whole_structure(hardware), costs::blocks_of(hardware.soc, tables.soc_blocks, soft_controller), device);
  result::ResourceFacts facts;
  facts.implementation = "fpga:" + device.name;
  facts.device = device.name;
  facts.lut = cells.lut;
  facts.ff = cells.ff;
  facts.dsp = cells.dsp;
  facts.bram36 = cells.bram36;
  facts.fits = cells.fits;
  facts.lut_used_percent = cells.lut_used_percent;
  facts.ff_used_percent = cells.ff_used_percent;
  facts.dsp_used_percent = cells.dsp_used_percent;
  facts.bram_used_percent = cells.bram_used_percent;
  facts.lut_uncertainty_percent = cells.lut_uncertainty_percent;
  facts.ff_uncertainty_percent = cells.ff_uncertainty_percent;
  facts.multipliers_in_fabric = cells.multipliers_in_fabric;
  for (const costs::ComponentCells& part : cells.components)
    facts.components.push_back({part.component, part.lut.value, part.ff.value, part.dsp.value,
                                part.block_kbits.value / 36, part.lut.uncertainty_percent(),
                                part.ff.uncertainty_percent()});
  facts.sources = cells.sources;
  return facts;
}

std::optional<result::AreaFacts> price_area(const Hardware& hardware, const costs::Tables& tables) {
  if (hardware.implementations.asic.empty()) return std::nullopt;
  const costs::AsicArea area = area_of(hardware, tables);
  result::AreaFacts facts;
  facts.implementation = "asic:" + area.node;
  facts.um2 = area.um2.value;
  facts.uncertainty_percent = area.um2.uncertainty_percent();
  for (const costs::ComponentArea& part : area.components)
    facts.components.push_back({part.component, part.um2.value, part.um2.uncertainty_percent()});
  facts.sources = area.sources;
  return facts;
}

std::optional<result::ClockFacts> price_clock(const Hardware& hardware, const costs::Tables& tables) {
  if (hardware.implementations.asic.empty() || !hardware.engine) return std::nullopt;
  const costs::AsicTarget& target = costs::find_target(tables, hardware.implementations.asic);
  if (!target.clock) return std::nullopt;
  const auto closing = costs::closing_clock(*hardware.engine, *target.clock);
  if (!closing) return std::nullopt;
  return result::ClockFacts{"asic:" + target.node, closing->mhz, closing->limited_by};
}

void price(result::Result& result, const costs::Tables& tables) {
  const Hardware hardware{result.soc, result.engine, result.implementations};
  result.energy = price_energy(result, hardware, tables);
  result.area = price_area(hardware, tables);
  result.clock = price_clock(hardware, tables);
  result.resources = price_resources(hardware, tables);
  result.published_software = tables.published_software;
}

}  // namespace lutra::exploration
