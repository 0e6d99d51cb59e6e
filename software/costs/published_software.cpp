#include "software/costs/published_software.h"

namespace lutra::costs {

PublishedSoftware parse_published_software(const TableText& text) {
  const YamlDocument document = parse_yaml(text.text, text.file);
  const YamlMapping keys = YamlReader(document).mapping(
      {"name", "clock_mhz", "network", "million_operations", "milliseconds", "source", "kind", "uncertainty_percent"});
  const double cycles = keys.at("clock_mhz").number(1, 1e5) * 1e3 * keys.at("milliseconds").number(1e-6, 1e9);
  constexpr double operations_per_mac = 2;
  const double macs = keys.at("million_operations").number(1e-6, 1e9) * 1e6 / operations_per_mac;
  return {keys.at("name").text(), keys.at("network").text(), cycles / macs, read_provenance(keys, text.name)};
}

}  // namespace lutra::costs
