#include "software/costs/devices.h"

#include <fmt/format.h>

#include <algorithm>

namespace lutra::costs {

namespace {

constexpr int largest_count = 100000000;
const std::vector<std::string> rule_keys = {"adder",   "multiplier", "function", "multiplexer",
                                            "foreign", "dsp",        "ram",      "lut_factors_of"};

// {figure..., source, kind, uncertainty_percent}
double read_figure(const YamlReader& reader, const char* figure, const std::string& table, Provenance& provenance) {
  const YamlMapping keys = reader.mapping({figure, "source", "kind", "uncertainty_percent"});
  provenance = read_provenance(keys, table);
  return keys.at(figure).number(0.01, 1000);
}

std::vector<RamShape> read_shapes(const YamlReader& reader) {
  std::vector<RamShape> shapes;
  for (const YamlReader& item : reader.items()) {
    const YamlMapping keys = item.mapping({"width", "depth", "luts"});
    RamShape shape;
    shape.width = static_cast<int>(keys.at("width").integer(1, 1024));
    shape.depth = static_cast<int>(keys.at("depth").integer(1, largest_count));
    keys.read("luts", shape.luts, 1, 1024);
    shapes.push_back(shape);
  }
  return shapes;
}

PackingRules read_rules(const YamlReader& reader, const std::string& table) {
  const YamlMapping keys = reader.mapping(rule_keys);
  PackingRules rules;
  rules.luts_per_adder_bit = read_figure(keys.at("adder"), "luts_per_bit", table, rules.adder);
  rules.luts_per_multiplier_cell = read_figure(keys.at("multiplier"), "luts_per_cell", table, rules.multiplier);
  rules.luts_per_function = read_figure(keys.at("function"), "luts", table, rules.function);
  rules.multiplexer_inputs_per_lut = read_figure(keys.at("multiplexer"), "inputs_per_lut", table, rules.multiplexer);
  rules.luts_per_lut6 = read_figure(keys.at("foreign"), "luts_per_lut6", table, rules.foreign);

  const YamlMapping dsp = keys.at("dsp").mapping({"width_a", "width_b", "smallest_product_bits", "product_registers",
                                                  "accumulator_bits", "source", "kind", "uncertainty_percent"});
  rules.dsp_width_a = static_cast<int>(dsp.at("width_a").integer(2, 64));
  rules.dsp_width_b = static_cast<int>(dsp.at("width_b").integer(2, 64));
  rules.dsp_smallest_product = static_cast<int>(dsp.at("smallest_product_bits").integer(2, 64));
  rules.dsp_accumulator_bits = static_cast<int>(dsp.at("accumulator_bits").integer(0, 128));
  rules.dsp_product_registers = dsp.at("product_registers").boolean();
  rules.dsp = read_provenance(dsp, table);

  const YamlMapping ram =
      keys.at("ram").mapping({"distributed", "block_kbits", "block", "source", "kind", "uncertainty_percent"});
  rules.distributed = read_shapes(ram.at("distributed"));
  rules.block_kbits = ram.at("block_kbits").number(1, 10000);
  rules.block = read_shapes(ram.at("block"));
  if (rules.block.empty()) ram.at("block").fail("a device family needs at least one shape of block RAM");
  rules.ram = read_provenance(ram, table);
  return rules;
}

struct Family {
  std::string name;
  PackingRules rules;
};

// Replaces the entry of the same name, else adds.
template <typename Entry>
void lay(std::vector<Entry>& entries, Entry entry) {
  const auto same = std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.name == entry.name; });
  if (same == entries.end())
    entries.push_back(std::move(entry));
  else
    *same = std::move(entry);
}

struct Catalogue {
  const std::map<std::string, LutFactors>& lut_factors;
  std::vector<Family> families;
  std::vector<Device> devices;
};

Device read_device(const YamlReader& reader, const std::vector<Family>& families) {
  const YamlMapping keys = reader.mapping({"name", "family", "lut", "ff", "dsp", "blocks", "hard_memories", "source"});
  std::vector<std::string> names;
  for (const Family& family : families) names.push_back(family.name);
  Device device;
  device.name = keys.at("name").text();
  const Family& family = families[keys.at("family").choice(names)];
  device.family = family.name;
  device.rules = family.rules;
  device.lut = static_cast<int>(keys.at("lut").integer(1, largest_count));
  device.ff = static_cast<int>(keys.at("ff").integer(1, largest_count));
  device.dsp = static_cast<int>(keys.at("dsp").integer(0, largest_count));
  device.dsp_usable = device.dsp;
  device.blocks = static_cast<int>(keys.at("blocks").integer(0, largest_count));
  for (const YamlReader& memory : keys.at("hard_memories").items()) device.hard_memories.push_back(memory.text());
  device.source = keys.at("source").text();
  return device;
}

// Lays a table before what the catalogue holds.
void read_table(const YamlDocument& document, const std::string& table, Catalogue& catalogue) {
  const YamlMapping root = YamlReader(document).mapping({"families", "devices"});
  if (root.has("families"))
    for (const auto& [name, reader] : root.at("families").entries()) {
      PackingRules rules = read_rules(reader, table);
      std::string measured = name;
      reader.mapping(rule_keys).read("lut_factors_of", measured);
      rules.borrowed_factors = measured != name;
      if (const auto of = catalogue.lut_factors.find(measured); of != catalogue.lut_factors.end())
        rules.lut_factors = of->second;
      lay(catalogue.families, Family{name, std::move(rules)});
    }
  // A replaced family serves the devices that were there before.
  for (Device& device : catalogue.devices)
    for (const Family& family : catalogue.families)
      if (family.name == device.family) device.rules = family.rules;
  std::vector<std::string> names;
  for (const YamlReader& item : root.at("devices").items()) {
    Device device = read_device(item, catalogue.families);
    if (std::find(names.begin(), names.end(), device.name) != names.end())
      item.fail(fmt::format("device '{}' stands in this table twice; keep one", device.name));
    names.push_back(device.name);
    lay(catalogue.devices, std::move(device));
  }
}

}  // namespace

std::vector<Device> read_devices(const std::vector<const TableText*>& tables,
                                 const std::map<std::string, LutFactors>& lut_factors) {
  Catalogue catalogue{lut_factors, {}, {}};
  for (const TableText* table : tables) read_table(parse_yaml(table->text, table->file), table->name, catalogue);
  return catalogue.devices;
}

}  // namespace lutra::costs
