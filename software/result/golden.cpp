#include "software/result/golden.h"

#include <fmt/format.h>

#include <map>

#include "software/common/text/json_reader.h"

namespace lutra::result {

namespace {

using Json = nlohmann::ordered_json;

Json cycles_by_cause(const simulation::Causes& causes) {
  return {{"compute", causes.compute},
          {"load", causes.load},
          {"store", causes.store},
          {"command", causes.command},
          {"software", causes.software}};
}

Json energy(const Result& result) {
  if (!result.energy) return {};
  Json by_component = Json::object();
  for (const auto& [component, sum] : energy_by_component(*result.energy)) by_component[component] = sum;
  return {{"total", result.energy->total},
          {"implementation", result.energy->implementation},
          {"by_component", by_component}};
}

Json resources(const Result& result) {
  if (!result.resources) return {};
  const ResourceFacts& cells = *result.resources;
  return {{"lut", cells.lut},
          {"ff", cells.ff},
          {"dsp", cells.dsp},
          {"bram36", cells.bram36},
          {"device", cells.device},
          {"fits", cells.fits},
          {"multipliers_in_fabric", cells.multipliers_in_fabric}};
}

Json layers(const Result& result) {
  Json layers = Json::object();
  std::map<std::string, int> seen;
  for (const LayerFacts& layer : result.layers) {
    const int count = ++seen[layer.name];
    layers[count == 1 ? layer.name : fmt::format("{} #{}", layer.name, count)] = {
        {"unit", layer.on_engine ? "engine" : "hart"},
        {"macs", layer.macs},
        {"cycles", layer.cycles},
        {"by_cause", cycles_by_cause(layer.causes)},
        {"predicted_array_cycles", layer.predicted_array_cycles},
        {"hart_instructions", layer.hart_instructions},
        {"weight_bytes", layer.weight_bytes},
        {"dram_read_bytes", layer.dram_read_bytes},
        {"dram_write_bytes", layer.dram_write_bytes}};
  }
  return layers;
}

struct Leaf {
  std::string path;
  Json value;
};

void flatten(const Json& json, const std::string& path, std::vector<Leaf>& leaves) {
  if (!json.is_structured() || json.empty()) {
    leaves.push_back({path, json});
    return;
  }
  std::size_t index = 0;
  for (const auto& [key, value] : json.items()) {
    const std::string step = json.is_array() ? fmt::format("[{}]", index++) : (path.empty() ? "" : ".") + key;
    flatten(value, path + step, leaves);
  }
}

std::string text_of(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

Difference difference(const std::string& path, const Json* golden, const Json* now) {
  Difference difference{path, golden ? text_of(*golden) : "", now ? text_of(*now) : "", {}, {}};
  if (golden && now && golden->is_number() && now->is_number()) {
    const auto before = golden->get<double>();
    difference.change = now->get<double>() - before;
    if (before != 0) difference.percent = 100 * *difference.change / before;
  }
  return difference;
}

}  // namespace

std::string to_golden(const Result& result) {
  const Json json = {
      {"scenario", result.scenario},
      {"network", result.network.name},
      {"scheme", scheme_label(result.scheme)},
      {"engine", engine_label(result.engine)},
      {"accuracy", {{"correct", result.accuracy.correct}, {"images", result.accuracy.images}}},
      {"verified_images", result.verified_images},
      {"cycles",
       {{"total", result.cycles.total},
        {"first_frame", result.cycles.first_frame},
        {"by_cause", cycles_by_cause(result.cycles.by_cause)}}},
      {"cpu_only_cycles", result.cpu_only_cycles ? Json(*result.cpu_only_cycles) : Json()},
      {"energy_fj", energy(result)},
      {"resources", resources(result)},
      {"area_um2", result.area ? Json(result.area->um2) : Json()},
      {"memory",
       {{"weight_bytes", result.memory.weight_bytes},
        {"dram_read_bytes", result.memory.dram_read_bytes},
        {"dram_write_bytes", result.memory.dram_write_bytes}}},
      {"layers", layers(result)},
  };
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string Difference::text() const {
  if (golden.empty()) return fmt::format("{}: {} is new", figure, now);
  if (now.empty()) return fmt::format("{}: {} is gone", figure, golden);
  std::string by;
  if (change) by = fmt::format(" ({:+}{})", *change, percent ? fmt::format(", {:+.3g} %", *percent) : "");
  return fmt::format("{}: {} -> {}{}", figure, golden, now, by);
}

std::vector<Difference> compare_golden(std::string_view golden, std::string_view now, const std::string& name) {
  std::vector<Leaf> before, after;
  flatten(JsonReader::parse(golden, name), "", before);
  flatten(JsonReader::parse(now, "the new result"), "", after);
  std::map<std::string, const Json*> only_golden;
  for (const Leaf& leaf : before) only_golden[leaf.path] = &leaf.value;
  std::vector<Difference> differences;
  for (const Leaf& leaf : after) {
    const auto found = only_golden.find(leaf.path);
    const Json* value = found == only_golden.end() ? nullptr : found->second;
    if (!value || *value != leaf.value) differences.push_back(difference(leaf.path, value, &leaf.value));
    if (value) only_golden.erase(found);
  }
  for (const Leaf& leaf : before)
    if (only_golden.contains(leaf.path)) differences.push_back(difference(leaf.path, &leaf.value, nullptr));
  return differences;
}

}  // namespace lutra::result
