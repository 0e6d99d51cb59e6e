#include "software/costs/published_software.h"

#include "software/costs/targets.h"

namespace lutra::costs {

PublishedSoftware load_published_software() {
  const std::string table = load_targets().published_software;
  const YamlDocument document = load_table(table);
  const YamlMapping keys = YamlReader(document).mapping(
      {"name", "clock_mhz", "network", "million_operations", "milliseconds", "source", "kind", "uncertainty_percent"});
  const double cycles = keys.at("clock_mhz").number(1, 1e5) * 1e3 * keys.at("milliseconds").number(1e-6, 1e9);
  constexpr double operations_per_mac = 2;
  const double macs = keys.at("million_operations").number(1e-6, 1e9) * 1e6 / operations_per_mac;
  return {keys.at("name").text(), keys.at("network").text(), cycles / macs, read_provenance(keys, table)};
}

}  // namespace lutra::costs
