#include <nlohmann/json.hpp>

#include "accelerators/family/engine_fields.h"
#include "models/base/soc_fields.h"
#include "software/result/result_json.h"

namespace lutra::result {

namespace {

using Json = nlohmann::ordered_json;

Json write(const simulation::Causes& causes) {
  return {{"compute", causes.compute},
          {"load", causes.load},
          {"store", causes.store},
          {"command", causes.command},
          {"software", causes.software}};
}

Json write(const std::vector<costs::Provenance>& sources) {
  Json list = Json::array();
  for (const costs::Provenance& provenance : sources)
    list.push_back({{"source", provenance.source},
                    {"kind", name(provenance.kind)},
                    {"uncertainty_percent", provenance.uncertainty_percent},
                    {"table", provenance.table}});
  return list;
}

struct FieldWriter {
  Json& json;
  template <typename Field>
  void operator()(const char* key, const Field& field) const {
    json[key] = field;
  }
  void operator()(const char* key, const std::map<std::string, std::string>& field) const {
    json[key] = Json::object();
    for (const auto& [name, value] : field) json[key][name] = value;
  }
};

Json write(const accelerators::EngineConfig& engine) {
  Json json;
  accelerators::for_each_engine_field(engine, FieldWriter{json});
  return json;
}

Json write(const models::SocConfig& soc) {
  Json hart, instruction_cache, data_cache, interconnect, sram, main_memory;
  models::for_each_cache_field(soc.hart.instruction_cache, FieldWriter{instruction_cache});
  models::for_each_cache_field(soc.hart.data_cache, FieldWriter{data_cache});
  models::for_each_hart_field(soc.hart, FieldWriter{hart});
  hart["instruction_cache"] = instruction_cache;
  hart["data_cache"] = data_cache;
  models::for_each_interconnect_field(soc.interconnect, FieldWriter{interconnect});
  models::for_each_sram_field(soc.sram, FieldWriter{sram});
  models::for_each_main_memory_field(soc.main_memory, FieldWriter{main_memory});
  return {{"clock_mhz", soc.clock_mhz},   {"hart", hart}, {"tcm_bytes", soc.tcm_bytes},
          {"interconnect", interconnect}, {"sram", sram}, {"main_memory", main_memory}};
}

Json write(const SchemeFacts& scheme) {
  return {{"name", scheme.name},
          {"file", scheme.file},
          {"weight_bits", scheme.weight_bits},
          {"activation_bits", scheme.activation_bits},
          {"first_last_bits", scheme.first_last_bits},
          {"wide_skip", scheme.wide_skip},
          {"activations", scheme.activations},
          {"requantise", scheme.requantise},
          {"progressive", scheme.progressive},
          {"parameters", Json(scheme.parameters)},
          {"range", scheme.range},
          {"percentile", scheme.percentile},
          {"calibration_images", scheme.calibration_images},
          {"calibration_split", scheme.calibration_split},
          {"weight_bits_total", scheme.weight_bits_total}};
}

Json write(const AccuracyFacts& accuracy) {
  Json json = {{"top1_percent", accuracy.top1_percent()}, {"images", accuracy.images}, {"correct", accuracy.correct}};
  const auto float_percent = accuracy.float_top1_percent();
  json["float_top1_percent"] = float_percent ? Json(*float_percent) : Json();
  json["float_correct"] = accuracy.float_correct ? Json(*accuracy.float_correct) : Json();
  return json;
}

Json write_cycles(const Result& result) {
  Json layers = Json::array();
  for (const LayerFacts& layer : result.layers)
    layers.push_back({{"layer", layer.name}, {"cycles", layer.cycles}, {"causes", write(layer.causes)}});
  return {{"total", result.cycles.total},
          {"reported_frame", result.cycles.reported_frame},
          {"first_frame", result.cycles.first_frame},
          {"per_mac", result.cycles_per_mac()},
          {"by_cause", write(result.cycles.by_cause)},
          {"by_layer", layers}};
}

Json write_layers(const Result& result) {
  Json layers = Json::array();
  for (const LayerFacts& layer : result.layers)
    layers.push_back({{"name", layer.name},
                      {"unit", layer.on_engine ? "engine" : "hart"},
                      {"reason", layer.reason},
                      {"mapping", layer.mapping},
                      {"macs", layer.macs},
                      {"predicted_array_cycles", layer.predicted_array_cycles},
                      {"hart_instructions", layer.hart_instructions},
                      {"weight_bytes", layer.weight_bytes},
                      {"weight_bits", layer.weight_bits},
                      {"dram_read_bytes", layer.dram_read_bytes},
                      {"dram_write_bytes", layer.dram_write_bytes},
                      {"busy",
                       {{"fetch", layer.busy.fetch},
                        {"load", layer.busy.load},
                        {"compute", layer.busy.compute},
                        {"store", layer.busy.store}}},
                      {"output_channels", layer.output_channels},
                      {"output_pixels", layer.output_pixels},
                      {"groups", layer.groups},
                      {"input_bytes", layer.input_bytes},
                      {"output_bytes", layer.output_bytes}});
  return layers;
}

Json write_energy(const Result& result) {
  if (!result.energy) return {};
  const EnergyFacts& energy = *result.energy;
  Json by_component = Json::object();
  for (const auto& [component, sum] : energy_by_component(energy)) by_component[component] = microjoules(sum);
  Json lines = Json::array();
  for (const costs::EnergyLine& line : energy.lines)
    lines.push_back({{"layer", result.layers[line.layer].name},
                     {"component", line.component},
                     {"event", line.event},
                     {"count", line.count},
                     {"uj", microjoules(line.energy)},
                     {"kind", name(line.kind)},
                     {"uncertainty_percent", line.uncertainty_percent}});
  return {{"total", microjoules(energy.total)},
          {"implementation", energy.implementation},
          {"uncertainty_percent", energy.uncertainty_percent},
          {"by_component", by_component},
          {"attribution", lines},
          {"not_counted", energy.not_counted},
          {"sources", write(energy.sources)}};
}

Json write_resources(const Result& result) {
  if (!result.resources) return {};
  const ResourceFacts& resources = *result.resources;
  Json components = Json::array();
  for (const ComponentFacts& entry : resources.components)
    components.push_back({{"component", entry.component},
                          {"lut", entry.lut},
                          {"ff", entry.ff},
                          {"dsp", entry.dsp},
                          {"bram36", entry.bram36},
                          {"lut_uncertainty_percent", entry.lut_uncertainty_percent},
                          {"ff_uncertainty_percent", entry.ff_uncertainty_percent}});
  return {{"lut", resources.lut},
          {"ff", resources.ff},
          {"dsp", resources.dsp},
          {"bram36", resources.bram36},
          {"device", resources.device},
          {"fits", resources.fits},
          {"implementation", resources.implementation},
          {"lut_used_percent", resources.lut_used_percent},
          {"ff_used_percent", resources.ff_used_percent},
          {"dsp_used_percent", resources.dsp_used_percent},
          {"bram_used_percent", resources.bram_used_percent},
          {"lut_uncertainty_percent", resources.lut_uncertainty_percent},
          {"ff_uncertainty_percent", resources.ff_uncertainty_percent},
          {"multipliers_in_fabric", resources.multipliers_in_fabric},
          {"components", components},
          {"sources", write(resources.sources)}};
}

Json write_cpu_only(const Result& result) {
  if (!result.cpu_only_cycles) return {};
  return {{"cycles", *result.cpu_only_cycles}, {"per_mac", *result.cpu_only_cycles_per_mac()}};
}

Json write_area(const Result& result) {
  if (!result.area) return {};
  Json components = Json::array();
  for (const ComponentAreaFacts& entry : result.area->components)
    components.push_back(
        {{"component", entry.component}, {"um2", entry.um2}, {"uncertainty_percent", entry.uncertainty_percent}});
  return {{"total", result.area->um2},
          {"implementation", result.area->implementation},
          {"uncertainty_percent", result.area->uncertainty_percent},
          {"components", components},
          {"sources", write(result.area->sources)}};
}

Json write_configuration(const Result& result) {
  return {{"network",
           {{"model", result.network.model}, {"dataset", result.network.dataset}, {"macs", result.network.macs}}},
          {"scheme", write(result.scheme)},
          {"engine", result.engine ? write(*result.engine) : Json()},
          {"fallback", result.cpu_fallback ? "cpu" : "none"},
          {"normalise", result.normalise_on_hart ? "hart" : "host"},
          {"soc", write(result.soc)}};
}

}  // namespace

std::string to_json(const Result& result) {
  check_sums(result);
  const Json json = {
      {"schema_version", result_schema_version},
      {"scenario", result.scenario},
      {"description", result.description},
      {"network", result.network.name},
      {"scheme", scheme_label(result.scheme)},
      {"engine", engine_label(result.engine)},
      {"accuracy", write(result.accuracy)},
      {"verified_images", result.verified_images},
      {"cycles", write_cycles(result)},
      {"time_ms", result.time_ms()},
      {"energy_uj", write_energy(result)},
      {"resources", write_resources(result)},
      {"area_um2", write_area(result)},
      {"memory",
       {{"weight_bytes", result.memory.weight_bytes},
        {"dram_read_bytes", result.memory.dram_read_bytes},
        {"dram_write_bytes", result.memory.dram_write_bytes},
        {"residency", result.memory.residency}}},
      {"layers", write_layers(result)},
      {"configuration", write_configuration(result)},
      {"cpu_only", write_cpu_only(result)},
      {"published_software",
       {{"name", result.published_software.name},
        {"network", result.published_software.network},
        {"cycles_per_mac", result.published_software.cycles_per_mac},
        {"source", write(std::vector{result.published_software.provenance})[0]}}},
  };
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lutra::result
