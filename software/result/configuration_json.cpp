#include "software/result/configuration_json.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "accelerators/family/engine_knobs.h"
#include "models/base/soc_knobs.h"

namespace lutra::result {

namespace {

using Json = nlohmann::ordered_json;

template <typename Config>
Json write_knobs(const Config& config) {
  Json json = Json::object();
  for_each_knob(config, [&]<typename Field, typename Accepted>(const char* name, const Field& field,
                                                               const Accepted& accepted, const char*) {
    if constexpr (std::is_same_v<Accepted, KnobGroup>)
      json[name] = write_knobs(field);
    else if constexpr (std::is_same_v<Accepted, KnobWords>)
      json[name] = accepted.of(field);
    else
      json[name] = field;
  });
  return json;
}

std::size_t read_word(const JsonReader& json, const KnobWords& accepted) {
  const auto found = std::find(accepted.words.begin(), accepted.words.end(), json.as<std::string>());
  if (found == accepted.words.end()) json.fail(fmt::format("is none of: {}", fmt::join(accepted.words, ", ")));
  return static_cast<std::size_t>(found - accepted.words.begin());
}

template <typename Config>
Config read_knobs(const JsonReader& json) {
  Config config;
  std::vector<const char*> names;
  for_each_knob(config, [&](const char* name, const auto&, const auto&, const char*) { names.push_back(name); });
  json.keys(names);
  for_each_knob(config, [&]<typename Field, typename Accepted>(const char* name, Field& field, const Accepted& accepted,
                                                               const char*) {
    if constexpr (std::is_same_v<Accepted, KnobGroup>)
      field = read_knobs<Field>(json.at(name));
    else if constexpr (std::is_same_v<Accepted, KnobWords>)
      field = static_cast<Field>(read_word(json.at(name), accepted));
    else
      json.at(name).read(field);
  });
  return config;
}

}  // namespace

Json write_engine(const accelerators::EngineConfig& engine) { return write_knobs(engine); }

Json write_memory_use(const accelerators::MemoryUse& use) { return write_knobs(use); }

Json write_soc(const models::SocConfig& soc) { return write_knobs(soc); }

accelerators::EngineConfig read_engine(const JsonReader& json) { return read_knobs<accelerators::EngineConfig>(json); }

accelerators::MemoryUse read_memory_use(const JsonReader& json) { return read_knobs<accelerators::MemoryUse>(json); }

models::SocConfig read_soc(const JsonReader& json) {
  const auto soc = read_knobs<models::SocConfig>(json);
  if (!(soc.clock_mhz > 0)) json.at("clock_mhz").fail("is not above zero");
  return soc;
}

}  // namespace lutra::result
