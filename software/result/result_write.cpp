#include <nlohmann/json.hpp>

#include "software/result/configuration_json.h"
#include "software/result/result_fields.h"
#include "software/result/result_json.h"

namespace lutra::result {

namespace {

using Json = nlohmann::ordered_json;

// Writes the fields it visits into an object.
class Writer {
 public:
  Writer(Json& json, const Result& result) : json_(json), result_(result) {}

  template <typename Value>
  void operator()(const char* name, const Value& value, const Field&) const {
    json_[name] = write(value);
  }
  template <typename Value>
  void derived(const char* name, const Value& value, const Field&) const {
    json_[name] = write(value);
  }
  template <typename Body>
  void part(const char* name, const Field&, const Body& body) const {
    Json object = Json::object();
    body(Writer(object, result_));
    json_[name] = std::move(object);
  }
  template <typename Value, typename Body>
  void part_or_null(const char* name, const std::optional<Value>& value, const Field& field, const Body& body) const {
    json_[name] = nullptr;
    if (value) part(name, field, [&](const Writer& writer) { body(writer, *value); });
  }

 private:
  template <typename Value>
  Json write(const Value& value) const {
    if constexpr (HasFields<const Value>) {
      Json object = Json::object();
      for_each_field(value, Writer(object, result_));
      return object;
    } else {
      return value;
    }
  }
  template <typename Value>
  Json write(const std::optional<Value>& value) const {
    return value ? write(*value) : Json();
  }
  template <typename Value>
  Json write(const std::vector<Value>& list) const {
    Json array = Json::array();
    for (const Value& value : list) array.push_back(write(value));
    return array;
  }
  template <typename Flag>
  Json write(const Choice<Flag>& choice) const {
    return choice.flag ? choice.yes : choice.no;
  }
  template <typename Energy>
  Json write(const Microjoules<Energy>& amount) const {
    return microjoules(amount.energy);
  }
  Json write(const std::map<std::string, costs::Femtojoules>& energies) const {
    Json object = Json::object();
    for (const auto& [component, energy] : energies) object[component] = microjoules(energy);
    return object;
  }
  Json write(const std::vector<costs::EventCount>& counters) const {
    Json object = Json::object();
    for (const auto& [component, event, count] : counters) object[component][event] = count;
    return object;
  }
  Json write(costs::FigureKind kind) const { return name(kind); }
  Json write(const costs::EnergyLine& line) const {
    Json object = {{"layer", result_.layers[line.layer].name}};
    for_each_field(line, Writer(object, result_));
    return object;
  }
  template <typename Layers>
  Json write(const Timings<Layers>& timings) const {
    Json array = Json::array();
    for (const LayerFacts& layer : timings.layers) {
      Json object = {{"layer", layer.name}};
      for_each_timing_field(layer, Writer(object, result_));
      array.push_back(std::move(object));
    }
    return array;
  }
  Json write(const accelerators::MemoryUse& use) const { return write_memory_use(use); }
  Json write(const accelerators::EngineConfig& engine) const { return write_engine(engine); }
  Json write(const models::SocConfig& soc) const { return write_soc(soc); }

  Json& json_;
  const Result& result_;
};

}  // namespace

std::string to_json(const Result& result) {
  check_sums(result);
  Json json = Json::object();
  for_each_field(result, Writer(json, result));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lutra::result
