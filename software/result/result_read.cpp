#include <fmt/format.h>

#include <cmath>

#include "software/common/error.h"
#include "accelerators/family/engine_fields.h"
#include "models/base/soc_fields.h"
#include "software/common/text/json_reader.h"
#include "software/result/result_json.h"

namespace lutra::result {

namespace {

// Reads the fields that for_each_*_field visits.
struct FieldReader {
  const JsonReader& json;
  template <typename Field>
  void operator()(const char* key, Field& field) const {
    json.at(key).read(field);
  }
};

simulation::Causes read_causes(const JsonReader& json) {
  json.keys({"compute", "load", "store", "command", "software"});
  simulation::Causes causes;
  json.at("compute").read(causes.compute);
  json.at("load").read(causes.load);
  json.at("store").read(causes.store);
  json.at("command").read(causes.command);
  json.at("software").read(causes.software);
  return causes;
}

simulation::UnitCycles read_busy(const JsonReader& json) {
  json.keys({"fetch", "load", "compute", "store"});
  simulation::UnitCycles busy;
  json.at("fetch").read(busy.fetch);
  json.at("load").read(busy.load);
  json.at("compute").read(busy.compute);
  json.at("store").read(busy.store);
  return busy;
}

costs::FigureKind read_kind(const JsonReader& json) {
  const auto kind = json.as<std::string>();
  constexpr costs::FigureKind kinds[] = {costs::FigureKind::published, costs::FigureKind::measured, costs::FigureKind::fitted, costs::FigureKind::rule};
  for (const costs::FigureKind candidate : kinds)
    if (kind == name(candidate)) return candidate;
  json.fail(fmt::format("'{}' is no kind of figure", kind));
}

costs::Provenance read_provenance(const JsonReader& json) {
  json.keys({"source", "kind", "uncertainty_percent", "table"});
  costs::Provenance provenance;
  json.at("source").read(provenance.source);
  provenance.kind = read_kind(json.at("kind"));
  json.at("uncertainty_percent").read(provenance.uncertainty_percent);
  json.at("table").read(provenance.table);
  return provenance;
}

std::vector<costs::Provenance> read_sources(const JsonReader& json) {
  std::vector<costs::Provenance> sources;
  for (const JsonReader& item : json.items()) sources.push_back(read_provenance(item));
  return sources;
}

accelerators::EngineConfig read_engine(const JsonReader& json) {
  accelerators::EngineConfig engine;
  accelerators::for_each_engine_field(engine, FieldReader{json});
  return engine;
}

models::SocConfig read_soc(const JsonReader& json) {
  json.keys({"clock_mhz", "hart", "tcm_bytes", "interconnect", "sram", "main_memory"});
  models::SocConfig soc;
  json.at("clock_mhz").read(soc.clock_mhz);
  if (!(soc.clock_mhz > 0)) json.at("clock_mhz").fail("is not above zero");
  json.at("tcm_bytes").read(soc.tcm_bytes);
  const JsonReader hart = json.at("hart");
  models::for_each_hart_field(soc.hart, FieldReader{hart});
  models::for_each_cache_field(soc.hart.instruction_cache, FieldReader{hart.at("instruction_cache")});
  models::for_each_cache_field(soc.hart.data_cache, FieldReader{hart.at("data_cache")});
  models::for_each_interconnect_field(soc.interconnect, FieldReader{json.at("interconnect")});
  models::for_each_sram_field(soc.sram, FieldReader{json.at("sram")});
  models::for_each_main_memory_field(soc.main_memory, FieldReader{json.at("main_memory")});
  return soc;
}

SchemeFacts read_scheme(const JsonReader& json) {
  json.keys({"name", "file", "weight_bits", "activation_bits", "first_last_bits", "wide_skip", "range", "percentile",
             "calibration_images", "calibration_split", "weight_bits_total"},
            {"activations", "requantise", "progressive", "parameters"});  // absent from results of older programs
  SchemeFacts scheme;
  if (json.has("activations")) json.at("activations").read(scheme.activations);
  if (json.has("requantise")) json.at("requantise").read(scheme.requantise);
  if (json.has("progressive")) json.at("progressive").read(scheme.progressive);
  if (json.has("parameters")) json.at("parameters").read(scheme.parameters);
  json.at("name").read(scheme.name);
  json.at("file").read(scheme.file);
  json.at("weight_bits").read(scheme.weight_bits);
  json.at("activation_bits").read(scheme.activation_bits);
  json.at("first_last_bits").read(scheme.first_last_bits);
  json.at("wide_skip").read(scheme.wide_skip);
  json.at("range").read(scheme.range);
  json.at("percentile").read(scheme.percentile);
  json.at("calibration_images").read(scheme.calibration_images);
  json.at("calibration_split").read(scheme.calibration_split);
  json.at("weight_bits_total").read(scheme.weight_bits_total);
  return scheme;
}

AccuracyFacts read_accuracy(const JsonReader& json) {
  json.keys({"top1_percent", "images", "correct", "float_top1_percent", "float_correct"});
  AccuracyFacts accuracy;
  json.at("images").read(accuracy.images);
  json.at("correct").read(accuracy.correct);
  if (!json.at("float_correct").is_null()) accuracy.float_correct = json.at("float_correct").as<std::uint64_t>();
  return accuracy;
}

std::vector<LayerFacts> read_layers(const JsonReader& facts, const JsonReader& cycles) {
  std::vector<LayerFacts> layers;
  for (const JsonReader& item : facts.items()) {
    item.keys({"name", "unit", "reason", "mapping", "macs", "predicted_array_cycles", "hart_instructions",
               "weight_bytes", "dram_read_bytes", "dram_write_bytes", "busy", "output_channels", "output_pixels",
               "groups", "input_bytes", "output_bytes"},
              {"weight_bits"});  // absent from results of older programs
    LayerFacts layer;
    item.at("name").read(layer.name);
    layer.on_engine = item.at("unit").as<std::string>() == "engine";
    item.at("reason").read(layer.reason);
    item.at("mapping").read(layer.mapping);
    item.at("macs").read(layer.macs);
    item.at("predicted_array_cycles").read(layer.predicted_array_cycles);
    item.at("hart_instructions").read(layer.hart_instructions);
    item.at("weight_bytes").read(layer.weight_bytes);
    if (item.has("weight_bits")) item.at("weight_bits").read(layer.weight_bits);
    item.at("dram_read_bytes").read(layer.dram_read_bytes);
    item.at("dram_write_bytes").read(layer.dram_write_bytes);
    layer.busy = read_busy(item.at("busy"));
    item.at("output_channels").read(layer.output_channels);
    item.at("output_pixels").read(layer.output_pixels);
    item.at("groups").read(layer.groups);
    item.at("input_bytes").read(layer.input_bytes);
    item.at("output_bytes").read(layer.output_bytes);
    layers.push_back(std::move(layer));
  }
  const std::vector<JsonReader> timed = cycles.items();
  if (timed.size() != layers.size())
    cycles.fail(fmt::format("{} layers, and 'layers' has {}", timed.size(), layers.size()));
  for (std::size_t i = 0; i < layers.size(); ++i) {
    timed[i].keys({"layer", "cycles", "causes"});
    if (timed[i].at("layer").as<std::string>() != layers[i].name) timed[i].fail("is not in the order of 'layers'");
    timed[i].at("cycles").read(layers[i].cycles);
    layers[i].causes = read_causes(timed[i].at("causes"));
  }
  return layers;
}

costs::Femtojoules read_energy(const JsonReader& json) {
  constexpr double femtojoules_per_microjoule = 1e9;
  constexpr double largest = 1e6;  // microjoules; far inside what 53 bits hold in femtojoules
  const double microjoules = json.as<double>();
  if (!(microjoules >= 0 && microjoules <= largest)) json.fail("is not an energy");
  return std::llround(microjoules * femtojoules_per_microjoule);
}

std::optional<EnergyFacts> read_energy_facts(const JsonReader& json, const std::vector<LayerFacts>& layers) {
  if (json.is_null()) return std::nullopt;
  json.keys(
      {"total", "implementation", "uncertainty_percent", "by_component", "attribution", "not_counted", "sources"});
  EnergyFacts energy;
  energy.total = read_energy(json.at("total"));
  json.at("implementation").read(energy.implementation);
  json.at("uncertainty_percent").read(energy.uncertainty_percent);
  std::size_t layer = 0;
  for (const JsonReader& item : json.at("attribution").items()) {
    item.keys({"layer", "component", "event", "count", "uj", "kind", "uncertainty_percent"});
    const auto name = item.at("layer").as<std::string>();
    while (layer < layers.size() && layers[layer].name != name) ++layer;
    if (layer == layers.size())
      item.fail(fmt::format("layer '{}' is not one of 'layers', or out of their order", name));
    costs::EnergyLine line;
    line.layer = layer;
    item.at("component").read(line.component);
    item.at("event").read(line.event);
    item.at("count").read(line.count);
    line.energy = read_energy(item.at("uj"));
    line.kind = read_kind(item.at("kind"));
    item.at("uncertainty_percent").read(line.uncertainty_percent);
    energy.lines.push_back(std::move(line));
  }
  std::map<std::string, costs::Femtojoules> sums = energy_by_component(energy);
  for (const auto& [component, part] : json.at("by_component").entries())
    if (sums[component] != read_energy(part)) part.fail("is not the sum of its lines in 'attribution'");
  for (const JsonReader& item : json.at("not_counted").items()) energy.not_counted.push_back(item.as<std::string>());
  energy.sources = read_sources(json.at("sources"));
  return energy;
}

std::optional<ResourceFacts> read_resources(const JsonReader& json) {
  if (json.is_null()) return std::nullopt;
  json.keys({"lut", "ff", "dsp", "bram36", "device", "fits", "implementation", "lut_used_percent", "ff_used_percent",
             "dsp_used_percent", "bram_used_percent", "lut_uncertainty_percent", "ff_uncertainty_percent",
             "multipliers_in_fabric", "components", "sources"});
  ResourceFacts resources;
  json.at("lut").read(resources.lut);
  json.at("ff").read(resources.ff);
  json.at("dsp").read(resources.dsp);
  json.at("bram36").read(resources.bram36);
  json.at("device").read(resources.device);
  json.at("fits").read(resources.fits);
  json.at("implementation").read(resources.implementation);
  json.at("lut_used_percent").read(resources.lut_used_percent);
  json.at("ff_used_percent").read(resources.ff_used_percent);
  json.at("dsp_used_percent").read(resources.dsp_used_percent);
  json.at("bram_used_percent").read(resources.bram_used_percent);
  json.at("lut_uncertainty_percent").read(resources.lut_uncertainty_percent);
  json.at("ff_uncertainty_percent").read(resources.ff_uncertainty_percent);
  json.at("multipliers_in_fabric").read(resources.multipliers_in_fabric);
  for (const JsonReader& item : json.at("components").items()) {
    item.keys({"component", "lut", "ff", "dsp", "bram36", "lut_uncertainty_percent", "ff_uncertainty_percent"});
    ComponentFacts part;
    item.at("component").read(part.component);
    item.at("lut").read(part.lut);
    item.at("ff").read(part.ff);
    item.at("dsp").read(part.dsp);
    item.at("bram36").read(part.bram36);
    item.at("lut_uncertainty_percent").read(part.lut_uncertainty_percent);
    item.at("ff_uncertainty_percent").read(part.ff_uncertainty_percent);
    resources.components.push_back(std::move(part));
  }
  resources.sources = read_sources(json.at("sources"));
  return resources;
}

std::optional<AreaFacts> read_area(const JsonReader& json) {
  if (json.is_null()) return std::nullopt;
  json.keys({"total", "implementation", "uncertainty_percent", "components", "sources"});
  AreaFacts area;
  json.at("total").read(area.um2);
  json.at("implementation").read(area.implementation);
  json.at("uncertainty_percent").read(area.uncertainty_percent);
  for (const JsonReader& item : json.at("components").items()) {
    item.keys({"component", "um2", "uncertainty_percent"});
    area.components.push_back({item.at("component").as<std::string>(), item.at("um2").as<double>(),
                               item.at("uncertainty_percent").as<double>()});
  }
  area.sources = read_sources(json.at("sources"));
  return area;
}

void read_choice(const JsonReader& json, const char* yes, const char* no, bool& target) {
  const auto word = json.as<std::string>();
  if (word != yes && word != no) json.fail(fmt::format("is neither '{}' nor '{}'", yes, no));
  target = word == yes;
}

}  // namespace

Result from_json(std::string_view text, const std::string& name) {
  const JsonReader::Json document = JsonReader::parse(text, name);
  if (!document.is_object() || !document.contains("schema_version"))
    throw Error(fmt::format("{}: is no result of Lutra's; 'lutra run --output DIR' writes one, DIR/result.json", name));
  const JsonReader json(document, name);
  if (const int version = json.at("schema_version").as<int>(); version != result_schema_version)
    json.fail(fmt::format("has schema version {}; this program reads version {}", version, result_schema_version));
  json.keys({"schema_version", "scenario", "description", "network", "scheme", "engine", "accuracy", "verified_images",
             "cycles", "time_ms", "energy_uj", "resources", "area_um2", "memory", "layers", "cpu_only", "configuration",
             "published_software"});
  Result result;
  json.at("scenario").read(result.scenario);
  json.at("description").read(result.description);
  json.at("network").read(result.network.name);
  const JsonReader configuration = json.at("configuration");
  configuration.keys({"network", "scheme", "engine", "fallback", "normalise", "soc"});
  const JsonReader network = configuration.at("network");
  network.keys({"model", "dataset", "macs"});
  network.at("model").read(result.network.model);
  network.at("dataset").read(result.network.dataset);
  network.at("macs").read(result.network.macs);
  result.scheme = read_scheme(configuration.at("scheme"));
  if (const JsonReader engine = configuration.at("engine"); !engine.is_null()) result.engine = read_engine(engine);
  read_choice(configuration.at("fallback"), "cpu", "none", result.cpu_fallback);
  read_choice(configuration.at("normalise"), "hart", "host", result.normalise_on_hart);
  result.soc = read_soc(configuration.at("soc"));
  if (json.at("scheme").as<std::string>() != scheme_label(result.scheme))
    json.at("scheme").fail("is not what 'configuration' says");
  if (json.at("engine").as<std::string>() != engine_label(result.engine))
    json.at("engine").fail("is not what 'configuration' says");
  result.accuracy = read_accuracy(json.at("accuracy"));
  json.at("verified_images").read(result.verified_images);
  const JsonReader cycles = json.at("cycles");
  cycles.keys({"total", "reported_frame", "first_frame", "per_mac", "by_cause", "by_layer"});
  cycles.at("total").read(result.cycles.total);
  cycles.at("reported_frame").read(result.cycles.reported_frame);
  cycles.at("first_frame").read(result.cycles.first_frame);
  result.cycles.by_cause = read_causes(cycles.at("by_cause"));
  result.layers = read_layers(json.at("layers"), cycles.at("by_layer"));
  result.energy = read_energy_facts(json.at("energy_uj"), result.layers);
  result.resources = read_resources(json.at("resources"));
  result.area = read_area(json.at("area_um2"));
  const JsonReader memory = json.at("memory");
  memory.keys({"weight_bytes", "dram_read_bytes", "dram_write_bytes", "residency"});
  memory.at("weight_bytes").read(result.memory.weight_bytes);
  memory.at("dram_read_bytes").read(result.memory.dram_read_bytes);
  memory.at("dram_write_bytes").read(result.memory.dram_write_bytes);
  memory.at("residency").read(result.memory.residency);
  if (const JsonReader cpu_only = json.at("cpu_only"); !cpu_only.is_null()) {
    cpu_only.keys({"cycles", "per_mac"});
    result.cpu_only_cycles = cpu_only.at("cycles").as<std::uint64_t>();
  }
  const JsonReader published = json.at("published_software");
  published.keys({"name", "network", "cycles_per_mac", "source"});
  published.at("name").read(result.published_software.name);
  published.at("network").read(result.published_software.network);
  published.at("cycles_per_mac").read(result.published_software.cycles_per_mac);
  result.published_software.provenance = read_provenance(published.at("source"));
  check_sums(result);
  return result;
}

}  // namespace lutra::result
