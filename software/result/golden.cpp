#include "software/result/golden.h"

#include <fmt/format.h>

#include <map>

#include "software/common/text/json_reader.h"
#include "software/result/result_fields.h"

namespace lutra::result {

namespace {

using Json = nlohmann::ordered_json;

// Writes the fields it visits that a golden result holds.
class GoldenWriter {
 public:
  explicit GoldenWriter(Json& json) : json_(json) {}

  template <typename Value>
  void operator()(const char* name, const Value& value, const Field& field) const {
    if (field.in_golden) json_[field.golden_name ? field.golden_name : name] = write(value);
  }
  template <typename Value>
  void derived(const char* name, const Value& value, const Field& field) const {
    (*this)(name, value, field);
  }
  template <typename Body>
  void part(const char* name, const Field& field, const Body& body) const {
    if (!field.in_golden) return;
    Json object = Json::object();
    body(GoldenWriter(object));
    json_[name] = std::move(object);
  }
  template <typename Value, typename Body>
  void part_or_null(const char* name, const std::optional<Value>& value, const Field& field, const Body& body) const {
    if (field.in_golden && !value) json_[name] = nullptr;
    if (value) part(name, field, [&](const GoldenWriter& writer) { body(writer, *value); });
  }

 private:
  template <typename Value>
  Json write(const Value& value) const {
    if constexpr (HasFields<const Value>) {
      Json object = Json::object();
      for_each_field(value, GoldenWriter(object));
      return object;
    } else if constexpr (std::constructible_from<Json, const Value&>) {
      return value;
    } else {
      return {};  // a list within a golden result has a writer of its own
    }
  }
  template <typename Value>
  Json write(const std::optional<Value>& value) const {
    return value ? write(*value) : Json();
  }
  template <typename Flag>
  Json write(const Choice<Flag>& choice) const {
    return choice.flag ? choice.yes : choice.no;
  }

  Json& json_;
};

// In whole femtojoules, so that sums are exact.
Json golden_energy(const Result& result) {
  if (!result.energy) return {};
  Json by_component = Json::object();
  for (const auto& [component, sum] : energy_by_component(*result.energy)) by_component[component] = sum;
  return {{"total", result.energy->total},
          {"implementation", result.energy->implementation},
          {"by_component", by_component}};
}

Json golden_layers(const Result& result) {
  Json layers = Json::object();
  std::map<std::string, int> seen;
  for (const LayerFacts& layer : result.layers) {
    const int count = ++seen[layer.name];
    Json& facts = layers[count == 1 ? layer.name : fmt::format("{} #{}", layer.name, count)];
    for_each_timing_field(layer, GoldenWriter(facts));
    for_each_field(layer, GoldenWriter(facts));
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
  Json json = Json::object();
  for_each_field(result, GoldenWriter(json));
  json["cpu_only_cycles"] = result.cpu_only_cycles ? Json(*result.cpu_only_cycles) : Json();
  json["energy_fj"] = golden_energy(result);
  json["area_um2"] = result.area ? Json(result.area->um2) : Json();
  json["layers"] = golden_layers(result);
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
