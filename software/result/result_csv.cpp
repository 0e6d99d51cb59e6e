#include <fmt/format.h>

#include <set>

#include "software/common/text/csv.h"
#include "software/result/result_json.h"

namespace lutra::result {

std::string to_csv(const Result& result) {
  std::set<std::string> components;
  std::vector<std::map<std::string, costs::Femtojoules>> energy(result.layers.size());
  if (result.energy)
    for (const costs::EnergyLine& line : result.energy->lines) {
      components.insert(line.component);
      energy[line.layer][line.component] += line.energy;
    }
  std::string csv =
      "layer,unit,mapping,macs,cycles,compute,load,store,command,software,hart_instructions,array_utilisation_percent,"
      "weight_bytes,dram_read_bytes,dram_write_bytes";
  if (result.energy) csv += ",energy_uj";
  for (const std::string& component : components) csv += "," + csv_cell(component + "_uj");
  csv += "\n";
  for (std::size_t i = 0; i < result.layers.size(); ++i) {
    const LayerFacts& layer = result.layers[i];
    const simulation::Causes& causes = layer.causes;
    csv += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{:.3f},{},{},{}", csv_cell(layer.name),
                       layer.on_engine ? "engine" : "hart", csv_cell(layer.mapping), layer.macs, layer.cycles,
                       causes.compute, causes.load, causes.store, causes.command, causes.software,
                       layer.hart_instructions, array_utilisation_percent(layer, result.engine), layer.weight_bytes,
                       layer.dram_read_bytes, layer.dram_write_bytes);
    if (result.energy) {
      costs::Femtojoules sum = 0;
      for (const auto& [component, part] : energy[i]) sum += part;
      csv += fmt::format(",{:.9f}", microjoules(sum));
      for (const std::string& component : components) csv += fmt::format(",{:.9f}", microjoules(energy[i][component]));
    }
    csv += "\n";
  }
  return csv;
}

}  // namespace lutra::result
