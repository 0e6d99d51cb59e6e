#include "software/exploration/synthesis/rtl_units.h"

#include <algorithm>
#include <filesystem>
#include <regex>

#include "software/common/embedded.h"

namespace lutra::exploration {

namespace {

bool stands_alone(const std::string& folder, const std::string& name) {
  if (folder == "array") return name == "array_control";
  if (folder == "engine") return name == "post_processor";
  return name.ends_with("_element") || name.ends_with("_array");
}

// Those of the module's header, which ends where its ports begin.
std::vector<std::string> parameters_of(const std::string& text) {
  static const std::regex declaration(R"(\bparameter\s+(?:int|bit)\s+([A-Z_]+)\s*=)");
  const std::string header = text.substr(0, text.find("\n) ("));
  std::vector<std::string> names;
  for (auto found = std::sregex_iterator(header.begin(), header.end(), declaration); found != std::sregex_iterator();
       ++found)
    names.push_back((*found)[1]);
  return names;
}

std::vector<RtlUnit> carried_units() {
  std::vector<RtlUnit> units;
  for (const std::string& path : list_embedded("accelerators/")) {
    const std::filesystem::path file = path;
    if (file.extension() != ".sv") continue;
    const std::string folder = file.parent_path().parent_path().filename();
    if (stands_alone(folder, file.stem()))
      units.push_back({file.stem(), folder, parameters_of(std::string(*find_embedded(path)))});
  }
  std::sort(units.begin(), units.end(), [](const RtlUnit& a, const RtlUnit& b) { return a.name < b.name; });
  return units;
}

}  // namespace

bool RtlUnit::has(const std::string& parameter) const {
  return std::find(parameters.begin(), parameters.end(), parameter) != parameters.end();
}

const std::vector<RtlUnit>& rtl_units() {
  static const std::vector<RtlUnit> units = carried_units();
  return units;
}

const RtlUnit* find_rtl_unit(const std::string& name) {
  for (const RtlUnit& unit : rtl_units())
    if (unit.name == name) return &unit;
  return nullptr;
}

}  // namespace lutra::exploration
