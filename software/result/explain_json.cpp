#include <nlohmann/json.hpp>

#include "software/result/explain.h"

namespace lutra::result {

namespace {

using Json = nlohmann::ordered_json;

Json write(const std::optional<ArrayCycles>& array) {
  if (!array) return {};
  return {{"useful", array->useful}, {"rows", array->rows},       {"columns", array->columns},  {"lanes", array->lanes},
          {"tiles", array->tiles},   {"waiting", array->waiting}, {"software", array->software}};
}

Json write(const std::vector<Lever>& levers, bool with_energy) {
  Json list = Json::array();
  for (const Lever& lever : levers)
    list.push_back(
        {{"what", lever.what},
         {"why", lever.why},
         {"cycles", lever.cycles},
         {"energy_uj", with_energy ? Json(microjoules(static_cast<costs::Femtojoules>(lever.energy_fj))) : Json()}});
  return list;
}

Json write_layers(const Result& result, const Explanation& explanation) {
  Json list = Json::array();
  for (const LayerExplanation& layer : explanation.layers) {
    const LayerFacts& facts = result.layers[layer.layer];
    Json needs = Json::object();
    for (int i = 0; i < limit_count; ++i)
      needs[std::string(name(static_cast<Limit>(i)))] = layer.needs[static_cast<std::size_t>(i)];
    list.push_back({{"layer", facts.name},
                    {"cycles", facts.cycles},
                    {"needs", needs},
                    {"bound_by", name(layer.bound)},
                    {"next", name(layer.next)},
                    {"not_overlapped", layer.not_overlapped},
                    {"array_cycles", write(layer.array)},
                    {"dram_read_bytes", facts.dram_read_bytes},
                    {"minimum_read_bytes", layer.minimum_read_bytes},
                    {"dram_write_bytes", facts.dram_write_bytes},
                    {"minimum_write_bytes", layer.minimum_write_bytes},
                    {"energy_uj", result.energy ? Json(microjoules(layer.energy)) : Json()}});
  }
  return list;
}

}  // namespace

std::string to_json(const Result& result, const Explanation& explanation) {
  Json components = Json::array();
  for (const ComponentEnergy& component : explanation.components)
    components.push_back({{"component", component.component},
                          {"uj", microjoules(component.energy)},
                          {"uncertainty_percent", component.uncertainty_percent}});
  Json buffers = Json::array();
  for (const BufferTraffic& buffer : explanation.buffers)
    buffers.push_back(
        {{"component", buffer.component}, {"read_bytes", buffer.read_bytes}, {"write_bytes", buffer.write_bytes}});
  const bool with_energy = result.energy.has_value();
  const Json json = {{"scenario", result.scenario},
                     {"cycles", result.cycles.total},
                     {"hart_layer_cycles", explanation.hart_layer_cycles},
                     {"array_cycles", write(explanation.array)},
                     {"layers", write_layers(result, explanation)},
                     {"minimum_read_bytes", explanation.minimum_read_bytes},
                     {"minimum_write_bytes", explanation.minimum_write_bytes},
                     {"buffers", buffers},
                     {"energy_by_component", components},
                     {"for_cycles", write(explanation.for_cycles, with_energy)},
                     {"for_energy", write(explanation.for_energy, with_energy)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lutra::result
