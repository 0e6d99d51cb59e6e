#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "accelerators/family/family.h"
#include "software/common/yaml.h"
#include "software/costs/resources.h"
#include "software/costs/tables.h"

// The tables that accelerators/array/synth/synthesise.sh writes.

namespace lutra::costs {

using accelerators::EngineConfig;

constexpr int counter_limit = 1 << 30;
constexpr int every_step = 16;  // accelerators/array/rtl/array_pkg.sv: an element that does not say

struct SynthesisRow {
  std::string place;
  EngineConfig config;
  std::string device_family;
  bool tuned = false;
  double lut = 0;  // those of distributed memory included
  double ff = 0;
  long dsp = 0;
};

inline EngineConfig engine_of(const std::string& family, const YamlMapping& row) {
  EngineConfig config;
  config.family = family;
  config.rows = config.columns = 1;
  config.pipeline = every_step;
  config.use_dsp = row.at("use_dsp").boolean();
  for (const auto& [name, value] : row.at("parameters").entries()) {
    const auto number = static_cast<int>(value.integer(0, counter_limit));
    if (name == "ROWS") config.rows = number;
    if (name == "COLUMNS") config.columns = number;
    if (name == "POST_LANES") config.post_lanes = number;
    if (name == "LANES") config.lanes = number;
    if (name == "ACTIVATION_BITS") config.activation_bits = number;
    if (name == "WEIGHT_BITS") config.weight_bits = number;
    if (name == "ACCUMULATOR_BITS") config.accumulator_bits = number;
    if (name == "PIPELINE") config.pipeline = number;
  }
  for (const auto& [knob, value] : row.at("engine").entries()) {
    if (knob == "variant")
      config.variant = value.text();
    else if (knob.starts_with("options."))
      config.options[knob.substr(8)] = value.text();
    else
      value.fail("a knob of the engine is `variant` or `options.<name>`");
  }
  return config;
}

inline std::vector<SynthesisRow> rows_of(const std::filesystem::path& table, const std::string& family) {
  std::ifstream file(table);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const YamlDocument document = parse_yaml(text, table.string());
  std::vector<SynthesisRow> rows;
  for (const YamlReader& item : YamlReader(document).mapping({"tool", "rows"}).at("rows").items()) {
    const YamlMapping keys = item.mapping({"top", "engine", "parameters", "flow", "device_family", "use_dsp", "lut",
                                           "ff", "carry", "dsp", "lutram", "ram"});
    const auto count = [&](const char* key) { return keys.at(key).integer(0, counter_limit); };
    rows.push_back({item.place(), engine_of(family, keys), keys.at("device_family").text(),
                    keys.at("flow").text() == "tuned", static_cast<double>(count("lut") + count("lutram")),
                    static_cast<double>(count("ff")), static_cast<long>(count("dsp"))});
  }
  return rows;
}

// A device of the family, with as many DSP blocks as anybody wants.
inline Device roomy(const std::string& device_family) {
  for (Device device : carried_tables().devices) {
    if (device.family != device_family) continue;
    device.dsp = device.dsp_usable = counter_limit;
    return device;
  }
  throw std::runtime_error("no device of " + device_family);
}

}  // namespace lutra::costs
