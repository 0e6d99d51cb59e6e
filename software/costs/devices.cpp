#include "software/costs/devices.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "software/common/error.h"
#include "software/costs/targets.h"

namespace lutra::costs {

namespace {

constexpr int largest_count = 100000000;

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
  const YamlMapping keys = reader.mapping({"adder", "multiplier", "function", "multiplexer", "foreign", "dsp", "ram"});
  PackingRules rules;
  rules.luts_per_adder_bit = read_figure(keys.at("adder"), "luts_per_bit", table, rules.adder);
  rules.luts_per_multiplier_cell = read_figure(keys.at("multiplier"), "luts_per_cell", table, rules.multiplier);
  rules.luts_per_function = read_figure(keys.at("function"), "luts", table, rules.function);
  rules.multiplexer_inputs_per_lut = read_figure(keys.at("multiplexer"), "inputs_per_lut", table, rules.multiplexer);
  rules.luts_per_lut6 = read_figure(keys.at("foreign"), "luts_per_lut6", table, rules.foreign);

  const YamlMapping dsp = keys.at("dsp").mapping(
      {"width_a", "width_b", "smallest_product_bits", "accumulator_bits", "source", "kind", "uncertainty_percent"});
  rules.dsp_width_a = static_cast<int>(dsp.at("width_a").integer(2, 64));
  rules.dsp_width_b = static_cast<int>(dsp.at("width_b").integer(2, 64));
  rules.dsp_smallest_product = static_cast<int>(dsp.at("smallest_product_bits").integer(2, 64));
  rules.dsp_accumulator_bits = static_cast<int>(dsp.at("accumulator_bits").integer(2, 128));
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

std::vector<Device> load_devices() {
  const std::string table = load_targets().devices;
  const YamlDocument document = load_table(table);
  const YamlMapping root = YamlReader(document).mapping({"families", "devices"});
  std::vector<std::pair<std::string, PackingRules>> families;
  std::vector<std::string> names;
  for (const auto& [family, rules] : root.at("families").entries()) {
    names.push_back(family);
    families.emplace_back(family, read_rules(rules, table));
  }
  std::vector<Device> devices;
  for (const YamlReader& item : root.at("devices").items()) {
    const YamlMapping keys = item.mapping({"name", "family", "lut", "ff", "dsp", "blocks", "hard_memories", "source"});
    Device device;
    device.name = keys.at("name").text();
    const std::size_t family = keys.at("family").choice(names);
    device.family = families[family].first;
    device.rules = families[family].second;
    device.lut = static_cast<int>(keys.at("lut").integer(1, largest_count));
    device.ff = static_cast<int>(keys.at("ff").integer(1, largest_count));
    device.dsp = static_cast<int>(keys.at("dsp").integer(0, largest_count));
    device.dsp_usable = device.dsp;
    device.blocks = static_cast<int>(keys.at("blocks").integer(0, largest_count));
    for (const YamlReader& memory : keys.at("hard_memories").items()) device.hard_memories.push_back(memory.text());
    device.source = keys.at("source").text();
    devices.push_back(std::move(device));
  }
  return devices;
}

}  // namespace

std::vector<std::string> device_names() {
  std::vector<std::string> names;
  for (const Device& device : load_devices()) names.push_back(device.name);
  return names;
}

Device find_device(const std::string& name) {
  for (Device& device : load_devices())
    if (device.name == name) return std::move(device);
  throw Error(fmt::format("device '{}' is not in the table; there are: {}", name, fmt::join(device_names(), ", ")));
}

Device usable_device(const std::string& name, int dsp_percent) {
  Device device = find_device(name);
  device.dsp_usable = device.dsp * dsp_percent / 100;
  return device;
}

}  // namespace lutra::costs
