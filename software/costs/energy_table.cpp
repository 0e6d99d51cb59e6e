#include "software/costs/energy_table.h"

namespace lutra::costs {

namespace {

constexpr double largest_pj = 1e9;

EventEnergy read_event(const YamlReader& reader, const std::string& table) {
  const YamlMapping keys =
      reader.mapping({"component", "event", "pj", "element_pj", "row_pj", "column_pj", "by_pipeline",
                      "width_activation", "width_weight", "source", "kind", "uncertainty_percent"});
  EventEnergy energy;
  energy.component = keys.at("component").text();
  energy.event = keys.at("event").text();
  energy.pj = keys.at("pj").number(0, largest_pj);
  const auto shared = [&](const char* key) { return keys.has(key) ? keys.at(key).number(0, largest_pj) : 0; };
  energy.element_pj = shared("element_pj");
  energy.row_pj = shared("row_pj");
  energy.column_pj = shared("column_pj");
  if (keys.has("by_pipeline")) {
    for (const YamlReader& factor : keys.at("by_pipeline").items()) energy.by_pipeline.push_back(factor.number(0, 100));
    if (energy.by_pipeline.empty()) keys.at("by_pipeline").fail("lists no factor");
  }
  if (keys.has("width_activation") != keys.has("width_weight"))
    reader.fail("give both 'width_activation' and 'width_weight', or neither");
  if (keys.has("width_activation")) {
    energy.width_activation = static_cast<int>(keys.at("width_activation").integer(1, 64));
    energy.width_weight = static_cast<int>(keys.at("width_weight").integer(1, 64));
  }
  energy.provenance = read_provenance(keys, table);
  return energy;
}

CapacityEnergy read_capacity(const YamlReader& reader, const std::string& table) {
  const YamlMapping keys =
      reader.mapping({"capacity_bytes", "word_bits", "read_pj", "write_pj", "source", "kind", "uncertainty_percent"});
  CapacityEnergy energy;
  energy.capacity_bytes = static_cast<std::uint64_t>(keys.at("capacity_bytes").integer(1, std::int64_t{1} << 40));
  energy.word_bits = static_cast<int>(keys.at("word_bits").integer(1, 4096));
  energy.read_pj = keys.at("read_pj").number(0, largest_pj);
  energy.write_pj = keys.at("write_pj").number(0, largest_pj);
  energy.provenance = read_provenance(keys, table);
  return energy;
}

FreeEvent read_free(const YamlReader& reader) {
  const YamlMapping keys = reader.mapping({"component", "event", "reason"});
  return {keys.at("component").text(), keys.at("event").text(), keys.at("reason").text()};
}

}  // namespace

EnergyTable parse_energy_table(const TableText& text) {
  const YamlDocument document = parse_yaml(text.text, text.file);
  const YamlMapping keys =
      YamlReader(document).mapping({"implementation", "node", "voltage_v", "energy", "energy_by_capacity", "free"});
  EnergyTable table;
  table.name = text.name;
  table.implementation = keys.at("implementation").text();
  table.node = keys.at("node").text();
  table.voltage_v = keys.at("voltage_v").number(0.1, 10);
  if (keys.has("energy"))
    for (const YamlReader& item : keys.at("energy").items()) table.energy.push_back(read_event(item, text.name));
  if (keys.has("energy_by_capacity"))
    for (const YamlReader& item : keys.at("energy_by_capacity").items()) {
      table.by_capacity.push_back(read_capacity(item, text.name));
      const std::size_t count = table.by_capacity.size();
      if (count > 1 && table.by_capacity[count - 1].capacity_bytes <= table.by_capacity[count - 2].capacity_bytes)
        item.fail("capacities must ascend");
    }
  if (keys.has("free"))
    for (const YamlReader& item : keys.at("free").items()) table.free.push_back(read_free(item));
  return table;
}

}  // namespace lutra::costs
