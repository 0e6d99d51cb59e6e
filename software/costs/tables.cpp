#include "software/costs/tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "accelerators/family/family.h"
#include "software/common/error.h"
#include "software/costs/table_files.h"

namespace lutra::costs {

namespace {

// Of every PE family that has them; a folder's table replaces the carried one.
std::map<std::string, LutFactors> measured_lut_factors(TableFiles& files) {
  std::vector<const TableText*> found;
  for (const std::string& family : accelerators::family_names())
    if (const std::string id = "lut_factors/" + family; files.has(id)) found.push_back(&files.at(id));
  return read_lut_factors(found);
}

Tables read_tables(TableFiles files) {
  Tables tables{read_devices(files.layers("devices"), measured_lut_factors(files)), read_targets(files),
                parse_soc_blocks(files.at("soc_blocks")), parse_published_software(files.at("published_software")),
                files.digest()};
  files.refuse_unread();
  return tables;
}

}  // namespace

std::vector<std::string> Tables::device_names() const {
  std::vector<std::string> names;
  for (const Device& device : devices) names.push_back(device.name);
  return names;
}

std::vector<std::string> Tables::nodes() const {
  std::vector<std::string> names;
  for (const AsicTarget& target : targets) names.push_back(target.node);
  return names;
}

const Tables& carried_tables() {
  static const Tables tables = read_tables(TableFiles());
  return tables;
}

Tables tables_before(const std::filesystem::path& folder) { return read_tables(TableFiles(folder)); }

const Device& find_device(const Tables& tables, const std::string& name) {
  for (const Device& device : tables.devices)
    if (device.name == name) return device;
  throw Error(
      fmt::format("device '{}' is not in the table; there are: {}", name, fmt::join(tables.device_names(), ", ")));
}

const AsicTarget& find_target(const Tables& tables, const std::string& node) {
  for (const AsicTarget& target : tables.targets)
    if (target.node == node) return target;
  throw Error(
      fmt::format("there are no cost tables for asic:{}; there are: {}", node, fmt::join(tables.nodes(), ", ")));
}

Device usable_device(const Tables& tables, const std::string& name, int dsp_percent) {
  Device device = find_device(tables, name);
  device.dsp_usable = device.dsp * dsp_percent / 100;
  return device;
}

}  // namespace lutra::costs
