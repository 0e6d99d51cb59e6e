#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>
#include <utility>

#include "accelerators/bit_serial/bit_serial.h"
#include "accelerators/family/family.h"
#include "accelerators/lut/lut.h"
#include "accelerators/mac/mac.h"
#include "accelerators/shift_add/shift_add.h"
#include "accelerators/ternary/ternary.h"
#include "software/common/error.h"

namespace lutra::accelerators {

namespace {

using Factory = std::unique_ptr<Family> (*)(const EngineConfig&);

// One line per PE family.
constexpr std::pair<const char*, Factory> families[] = {
    {"mac", make_mac},
    {"shift_add", make_shift_add},
    {"ternary", make_ternary},
    {"lut", make_lut},
    {"bit_serial", make_bit_serial},
};

}  // namespace

std::vector<std::string> family_names() {
  std::vector<std::string> names;
  for (const auto& [name, factory] : families) names.emplace_back(name);
  return names;
}

std::unique_ptr<Family> make_family(const EngineConfig& config) {
  for (const auto& [name, factory] : families)
    if (config.family == name) return factory(config);
  throw Error(
      fmt::format("engine family '{}' does not exist; there are: {}", config.family, fmt::join(family_names(), ", ")));
}

}  // namespace lutra::accelerators
