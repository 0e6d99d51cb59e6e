#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "accelerators/bit_serial/bit_serial.h"
#include "accelerators/family/family.h"
#include "accelerators/lut/lut.h"
#include "accelerators/mac/mac.h"
#include "accelerators/shift_add/shift_add.h"
#include "accelerators/ternary/ternary.h"
#include "software/common/error.h"

namespace lutra::accelerators {

namespace {

struct Entry {
  const char* name;
  std::unique_ptr<Family> (*make)(const EngineConfig&);
  std::vector<Preset> presets;
};

// One line per PE family.
const std::vector<Entry>& families() {
  static const std::vector<Entry> all = {
      {"mac", make_mac, {{"multiplier", {}}, {"digit_serial", {}}, {"multiplier", {{"levels", "true"}}}}},
      {"shift_add", make_shift_add, {{"power_of_two", {}}, {"power_of_two", {{"terms", "2"}}}, {"sub_filters", {}}}},
      {"ternary", make_ternary, {{"gated", {}}, {"popcount", {}}}},
      {"lut",
       make_lut,
       {{"tables", {}}, {"tables", {{"coefficients", "multiply"}, {"planes", "4"}}}, {"codebook", {}}}},
      {"bit_serial",
       make_bit_serial,
       {{"weights", {}}, {"weights", {{"coefficients", "8"}, {"levels", "true"}}}, {"planes", {}}}},
  };
  return all;
}

}  // namespace

std::vector<std::string> family_names() {
  std::vector<std::string> names;
  for (const Entry& entry : families()) names.emplace_back(entry.name);
  return names;
}

std::vector<EngineConfig> preset_engines(const EngineConfig& base) {
  std::vector<EngineConfig> engines;
  for (const Entry& entry : families())
    for (const Preset& preset : entry.presets) {
      EngineConfig& engine = engines.emplace_back(base);
      engine.family = entry.name;
      engine.variant = preset.variant;
      engine.options = preset.options;
    }
  return engines;
}

std::unique_ptr<Family> make_family(const EngineConfig& config) {
  for (const Entry& entry : families())
    if (config.family == entry.name) return entry.make(config);
  throw Error(
      fmt::format("engine family '{}' does not exist; there are: {}", config.family, fmt::join(family_names(), ", ")));
}

}  // namespace lutra::accelerators
