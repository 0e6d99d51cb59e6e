#include "software/costs/targets.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "software/common/error.h"
#include "software/costs/provenance.h"

namespace lutra::costs {

Targets load_targets() {
  const YamlDocument document = load_table("software/costs/tables/targets.yaml");
  const YamlMapping keys = YamlReader(document).mapping({"asic", "devices", "soc_blocks", "published_software"});
  Targets targets;
  for (const YamlReader& item : keys.at("asic").items()) {
    const YamlMapping entry = item.mapping({"node", "energy", "area", "not_counted"});
    AsicTarget target;
    target.node = entry.at("node").text();
    for (const YamlReader& table : entry.at("energy").items()) target.energy.push_back(table.text());
    target.area = entry.at("area").text();
    for (const YamlReader& left_out : entry.at("not_counted").items()) target.not_counted.push_back(left_out.text());
    targets.asic.push_back(std::move(target));
  }
  targets.devices = keys.at("devices").text();
  targets.soc_blocks = keys.at("soc_blocks").text();
  targets.published_software = keys.at("published_software").text();
  return targets;
}

std::vector<std::string> asic_nodes() {
  std::vector<std::string> nodes;
  for (const AsicTarget& target : load_targets().asic) nodes.push_back(target.node);
  return nodes;
}

std::string family_table(const std::string& family, const std::string& node) {
  return fmt::format("accelerators/{}/costs/asic_{}.yaml", family, node);
}

AsicTarget find_asic_target(const std::string& node) {
  for (AsicTarget& target : load_targets().asic)
    if (target.node == node) return std::move(target);
  throw Error(fmt::format("there are no cost tables for asic:{}; there are: {}", node, fmt::join(asic_nodes(), ", ")));
}

}  // namespace lutra::costs
