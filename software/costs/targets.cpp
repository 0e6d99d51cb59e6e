#include "software/costs/targets.h"

#include <fmt/format.h>

#include <algorithm>

#include "accelerators/family/family.h"
#include "models/base/dram_kinds.h"
#include "software/common/error.h"

namespace lutra::costs {

namespace {

std::string energy_id(const std::string& node, const std::string& name) {
  return fmt::format("energy/{}/{}", node, name);
}

EnergyTable read_energy(TableFiles& files, const std::string& node, const std::string& name) {
  const TableText& text = files.at(energy_id(node, name));
  EnergyTable table = parse_energy_table(text);
  if (table.node != node)
    throw Error(fmt::format("{}: is for node {} and stands among the tables of {}", text.file, table.node, node));
  return table;
}

AsicTarget read_target(const YamlReader& reader, TableFiles& files) {
  const YamlMapping keys = reader.mapping({"node", "energy", "not_counted"});
  AsicTarget target;
  target.node = keys.at("node").text();
  for (const YamlReader& item : keys.at("energy").items()) {
    const std::string name = item.text();
    if (!files.has(energy_id(target.node, name)))
      item.fail(fmt::format("there is no cost table '{}'", energy_id(target.node, name)));
    target.energy.push_back(read_energy(files, target.node, name));
  }
  for (const std::string& kind : models::dram_kinds())
    if (files.has(energy_id(target.node, kind))) target.memories.emplace(kind, read_energy(files, target.node, kind));
  for (const std::string& family : accelerators::family_names())
    if (files.has(energy_id(target.node, family)))
      target.families.emplace(family, read_energy(files, target.node, family));
  const TableText& area = files.at("area/" + target.node);
  target.area = parse_area_table(area);
  if (target.area.node != target.node)
    throw Error(fmt::format("{}: is for node {}, not for {}", area.file, target.area.node, target.node));
  if (const std::string id = "clock/" + target.node; files.has(id)) {
    target.clock = parse_clock_table(files.at(id));
    if (target.clock->node != target.node)
      throw Error(fmt::format("{}: is for node {}, not for {}", files.at(id).file, target.clock->node, target.node));
  }
  for (const YamlReader& left_out : keys.at("not_counted").items()) target.not_counted.push_back(left_out.text());
  return target;
}

}  // namespace

std::vector<AsicTarget> read_targets(TableFiles& files) {
  std::vector<AsicTarget> targets;
  for (const TableText* text : files.layers("targets")) {
    const YamlDocument document = parse_yaml(text->text, text->file);
    for (const YamlReader& item : YamlReader(document).mapping({"asic"}).at("asic").items()) {
      AsicTarget target = read_target(item, files);
      std::erase_if(targets, [&](const AsicTarget& other) { return other.node == target.node; });
      targets.push_back(std::move(target));
    }
  }
  return targets;
}

std::vector<EnergyTable> energy_tables(const AsicTarget& target, const std::string& main_memory,
                                       const std::string& family) {
  const auto named = [&](const std::map<std::string, EnergyTable>& of, const char* what, const std::string& name) {
    const auto table = of.find(name);
    if (table == of.end())
      throw Error(fmt::format("asic:{} has no energy table of the {} '{}'; add {}.yaml to a folder of cost tables",
                              target.node, what, name, energy_id(target.node, name)));
    return table->second;
  };
  std::vector<EnergyTable> tables = target.energy;
  if (main_memory != "sram") tables.push_back(named(target.memories, "DRAM", main_memory));
  if (!family.empty()) tables.push_back(named(target.families, "PE family", family));
  return tables;
}

}  // namespace lutra::costs
