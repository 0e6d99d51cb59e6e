#include <fmt/format.h>

#include <cmath>
#include <type_traits>

#include "software/common/error.h"
#include "software/result/configuration_json.h"
#include "software/result/result_fields.h"
#include "software/result/result_json.h"

namespace lutra::result {

namespace {

costs::FigureKind read_kind(const JsonReader& json) {
  const auto kind = json.as<std::string>();
  constexpr costs::FigureKind kinds[] = {costs::FigureKind::published, costs::FigureKind::measured,
                                         costs::FigureKind::fitted, costs::FigureKind::rule};
  for (const costs::FigureKind candidate : kinds)
    if (kind == name(candidate)) return candidate;
  json.fail(fmt::format("'{}' is not a kind of figure", kind));
}

costs::Femtojoules read_energy(const JsonReader& json) {
  constexpr double largest = 1e6;  // microjoules; far inside what 53 bits hold in femtojoules
  const double microjoules = json.as<double>();
  if (!(microjoules >= 0 && microjoules <= largest)) json.fail("is not an energy");
  return std::llround(microjoules * femtojoules_per_microjoule);
}

// Collects the names that a list visits.
class KeyCollector {
 public:
  KeyCollector(std::vector<const char*>& required, std::vector<const char*>& optional)
      : required_(required), optional_(optional) {}

  template <typename Value>
  void operator()(const char* name, const Value&, const Field& field) const {
    (field.is_optional ? optional_ : required_).push_back(name);
  }
  template <typename Value>
  void derived(const char* name, const Value& value, const Field& field) const {
    (*this)(name, value, field);
  }
  template <typename Body>
  void part(const char* name, const Field&, const Body&) const {
    required_.push_back(name);
  }
  template <typename Value, typename Body>
  void part_or_null(const char* name, const std::optional<Value>&, const Field&, const Body&) const {
    required_.push_back(name);
  }

 private:
  std::vector<const char*>& required_;
  std::vector<const char*>& optional_;
};

// The object has the fields that list(visit) visits, those of `required` and no others.
template <typename List>
void require_keys(const JsonReader& json, const List& list, std::vector<const char*> required = {}) {
  std::vector<const char*> optional;
  list(KeyCollector(required, optional));
  json.keys(required, optional);
}

// Reads the fields it visits from an object.
class Reader {
 public:
  Reader(const JsonReader& json, Result& result) : json_(json), result_(result) {}

  template <typename Value>
  void operator()(const char* name, Value&& value, const Field& field) const {
    if (!field.is_optional || json_.has(name)) read(json_.at(name), value);
  }
  template <typename Value>
  void derived(const char*, const Value&, const Field&) const {}
  template <typename Body>
  void part(const char* name, const Field&, const Body& body) const {
    const JsonReader json = json_.at(name);
    require_keys(json, body);
    body(Reader(json, result_));
  }
  template <typename Value, typename Body>
  void part_or_null(const char* name, std::optional<Value>& value, const Field& field, const Body& body) const {
    if (!json_.at(name).is_null())
      part(name, field, [&, &there = value.emplace()](const auto& visit) { body(visit, there); });
  }

 private:
  template <typename Value>
  void read(const JsonReader& json, Value& value) const {
    if constexpr (HasFields<Value>) {
      const auto list = [&](const auto& visit) { for_each_field(value, visit); };
      require_keys(json, list);
      list(Reader(json, result_));
    } else {
      json.read(value);
      if constexpr (std::is_arithmetic_v<Value> && std::is_signed_v<Value>)
        if (value < 0) json.fail(fmt::format("{} is below zero", value));
    }
  }
  template <typename Value>
  void read(const JsonReader& json, std::optional<Value>& value) const {
    if (!json.is_null()) read(json, value.emplace());
  }
  template <typename Value>
  void read(const JsonReader& json, std::vector<Value>& list) const {
    for (const JsonReader& item : json.items()) read(item, list.emplace_back());
  }
  void read(const JsonReader& json, Choice<bool> choice) const {
    const auto word = json.as<std::string>();
    if (word != choice.yes && word != choice.no)
      json.fail(fmt::format("is neither '{}' nor '{}'", choice.yes, choice.no));
    choice.flag = word == choice.yes;
  }
  void read(const JsonReader& json, Microjoules<costs::Femtojoules> amount) const { amount.energy = read_energy(json); }
  void read(const JsonReader& json, costs::FigureKind& kind) const { kind = read_kind(json); }
  void read(const JsonReader& json, accelerators::EngineConfig& engine) const { engine = read_engine(json); }
  void read(const JsonReader& json, accelerators::MemoryUse& use) const { use = read_memory_use(json); }
  void read(const JsonReader& json, models::SocConfig& soc) const { soc = read_soc(json); }

  // The layers come into being here; what else they are is read later.
  void read(const JsonReader& json, Timings<std::vector<LayerFacts>> timings) const {
    for (const JsonReader& item : json.items()) {
      LayerFacts& layer = timings.layers.emplace_back();
      const auto list = [&](const auto& visit) { for_each_timing_field(layer, visit); };
      require_keys(item, list, {"layer"});
      item.at("layer").read(layer.name);
      list(Reader(item, result_));
    }
  }
  void read(const JsonReader& json, std::vector<LayerFacts>& layers) const {
    const std::vector<JsonReader> items = json.items();
    if (items.size() != layers.size())
      json.fail(fmt::format("{} layers, and 'cycles.by_layer' has {}", items.size(), layers.size()));
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const std::string name = layers[i].name;
      read(items[i], layers[i]);
      if (layers[i].name != name) items[i].fail("is not in the order of 'cycles.by_layer'");
    }
  }
  void read(const JsonReader& json, std::vector<costs::EventCount>& counters) const {
    for (const auto& [component, events] : json.entries())
      for (const auto& [event, count] : events.entries())
        counters.push_back({component, event, count.as<std::uint64_t>()});
  }
  void read(const JsonReader& json, std::vector<costs::EnergyLine>& lines) const {
    std::size_t layer = 0;
    for (const JsonReader& item : json.items()) {
      costs::EnergyLine& line = lines.emplace_back();
      const auto list = [&](const auto& visit) { for_each_field(line, visit); };
      require_keys(item, list, {"layer"});
      const auto name = item.at("layer").as<std::string>();
      while (layer < result_.layers.size() && result_.layers[layer].name != name) ++layer;
      if (layer == result_.layers.size())
        item.fail(fmt::format("layer '{}' is not one of 'layers', or out of their order", name));
      line.layer = layer;
      list(Reader(item, result_));
    }
  }

  const JsonReader& json_;
  Result& result_;
};

// What follows from other fields is what the file says.
class DerivedChecker {
 public:
  explicit DerivedChecker(const JsonReader& json) : json_(json) {}

  template <typename Value>
  void operator()(const char* name, const Value& value, const Field&) const {
    check_parts(name, value);
  }
  template <typename Value>
  void derived(const char* name, const Value& value, const Field& field) const {
    if (!field.is_optional || json_.has(name)) compare(json_.at(name), value);
  }
  template <typename Body>
  void part(const char* name, const Field&, const Body& body) const {
    body(DerivedChecker(json_.at(name)));
  }
  template <typename Value, typename Body>
  void part_or_null(const char* name, const std::optional<Value>& value, const Field& field, const Body& body) const {
    if (value) part(name, field, [&](const auto& visit) { body(visit, *value); });
  }

 private:
  template <typename Value>
  void check_parts(const char* name, const Value& value) const {
    if constexpr (HasFields<const Value>) for_each_field(value, DerivedChecker(json_.at(name)));
  }
  template <typename Value>
  void check_parts(const char* name, const std::optional<Value>& value) const {
    if (value) check_parts(name, *value);
  }
  template <typename Value>
  void compare(const JsonReader& json, const Value& value) const {
    if (json.as<Value>() != value) json.fail(fmt::format("is not what follows from the other fields: {}", value));
  }
  template <typename Value>
  void compare(const JsonReader& json, const std::optional<Value>& value) const {
    if (value)
      compare(json, *value);
    else if (!json.is_null())
      json.fail("is not what follows from the other fields: null");
  }
  void compare(const JsonReader& json, const std::map<std::string, costs::Femtojoules>& sums) const {
    for (const auto& [component, part] : json.entries()) {
      const auto sum = sums.find(component);
      if ((sum == sums.end() ? 0 : sum->second) != read_energy(part))
        part.fail("is not the sum of its lines in 'attribution'");
    }
  }

  JsonReader json_;
};

void check_accuracy(const JsonReader& json, const AccuracyFacts& accuracy) {
  const auto check = [&](const char* name, const std::optional<std::uint64_t>& correct) {
    if (correct.value_or(0) > accuracy.images)
      json.at(name).fail(fmt::format("{} of {} images is not possible; the result is damaged: run its scenario again",
                                     *correct, accuracy.images));
  };
  check("correct", accuracy.correct);
  check("float_correct", accuracy.float_correct);
  check("top5_correct", accuracy.top5_correct);
  check("float_top5_correct", accuracy.float_top5_correct);
  check("other_answers", accuracy.other_answers);
  if (!accuracy.confusion.empty() && !confusion_holds(accuracy))
    json.at("confusion")
        .fail("does not add up to 'images' and 'correct'; the result is damaged: run its scenario again");
}

}  // namespace

Result from_json(std::string_view text, const std::string& name) {
  const JsonReader::Json document = JsonReader::parse(text, name);
  if (!document.is_object() || !document.contains("schema_version"))
    throw Error(
        fmt::format("{}: is not a result of Lutra's; 'lutra run --output DIR' writes one, DIR/result.json", name));
  const JsonReader json(document, name);
  if (const int version = json.at("schema_version").as<int>(); version != result_schema_version)
    json.fail(fmt::format("has schema version {}; this program reads version {}: run the scenario again", version,
                          result_schema_version));
  Result result;
  const auto list = [&](const auto& visit) { for_each_field(result, visit); };
  require_keys(json, list);
  list(Reader(json, result));
  check_accuracy(json.at("accuracy"), result.accuracy);
  for_each_field(static_cast<const Result&>(result), DerivedChecker(json));
  try {
    check_sums(result);
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", name, error.what()));
  }
  return result;
}

}  // namespace lutra::result
