#include "software/costs/area.h"

#include <algorithm>

namespace lutra::costs {

namespace {

using accelerators::Primitive;
using accelerators::PrimitiveKind;

Cell read_cell(const YamlReader& reader, const std::string& table) {
  const YamlMapping keys = reader.mapping({"um2", "leakage_nw", "source", "kind", "uncertainty_percent"});
  return {keys.at("um2").number(0, 1e6), keys.at("leakage_nw").number(0, 1e9), read_provenance(keys, table)};
}

class Pricer {
 public:
  Pricer(const AreaTable& table, AsicArea& area) : table_(table), area_(area) {}

  void add(const std::string& component, const Cell& cell, double count) {
    if (count == 0) return;
    ComponentArea& target = find(component);
    target.um2.add(cell.um2 * count, cell.provenance);
    target.leakage_nw.add(cell.leakage_nw * count, cell.provenance);
    cite(cell.provenance);
  }

  void add(const Primitive& p) {
    const double count = p.count;
    const double bits = count * p.width_a;
    switch (p.kind) {
      case PrimitiveKind::multiplier:
        add(p.component, table_.partial_product, bits * p.width_b);
        add(p.component, table_.full_adder, bits * p.width_b);
        break;
      case PrimitiveKind::adder:
        add(p.component, table_.full_adder, bits);
        break;
      case PrimitiveKind::registers:
        add(p.component, table_.flip_flop, bits);
        break;
      case PrimitiveKind::multiplexer:
        if (p.dsp == accelerators::DspPart::none)  // no block, so none of what stands before one
          add(p.component, table_.multiplexer2, bits * std::max(0, p.width_b - 1));
        break;
      case PrimitiveKind::logic:
        add(p.component, table_.function, bits);
        break;
      case PrimitiveKind::memory:
        add_memories(find(p.component), count, bits * p.depth);
        break;
    }
  }

  void add_memories(ComponentArea& target, double count, double bits) {
    target.um2.add(count * table_.memory_um2 + bits * table_.memory_um2_per_bit, table_.memory);
    target.leakage_nw.add(count * table_.memory_leakage_nw + bits * table_.memory_leakage_nw_per_bit,
                          table_.memory_leakage);
    cite(table_.memory);
    cite(table_.memory_leakage);
  }

  void cite(const Provenance& provenance) {
    if (std::find(area_.sources.begin(), area_.sources.end(), provenance) == area_.sources.end())
      area_.sources.push_back(provenance);
  }

 private:
  ComponentArea& find(const std::string& component) {
    for (ComponentArea& entry : area_.components)
      if (entry.component == component) return entry;
    area_.components.push_back({component, {}, {}});
    return area_.components.back();
  }

  const AreaTable& table_;
  AsicArea& area_;
};

// A gate count where one is published, else what the block's LUTs and flip-flops come to.
void add_block(Pricer& pricer, const SocBlock& block, const AreaTable& table) {
  const auto stand_in = [&](Cell cell) {
    cell.provenance.uncertainty_percent += block.provenance.uncertainty_percent;
    return cell;
  };
  pricer.cite(block.provenance);
  if (block.kge) {
    pricer.add(block.component, stand_in(table.gate), *block.kge * 1000);
    return;
  }
  pricer.add(block.component, stand_in(table.function), block.lut);
  pricer.add(block.component, stand_in(table.flip_flop), block.ff);
}

}  // namespace

AreaTable parse_area_table(const TableText& text) {
  const YamlDocument document = parse_yaml(text.text, text.file);
  const YamlMapping keys = YamlReader(document).mapping({"node", "voltage_v", "cells", "memory", "memory_leakage"});
  AreaTable table;
  table.node = keys.at("node").text();
  table.voltage_v = keys.at("voltage_v").number(0.1, 10);
  const YamlMapping cells =
      keys.at("cells").mapping({"full_adder", "partial_product", "flip_flop", "multiplexer2", "gate", "function"});
  table.full_adder = read_cell(cells.at("full_adder"), text.name);
  table.partial_product = read_cell(cells.at("partial_product"), text.name);
  table.flip_flop = read_cell(cells.at("flip_flop"), text.name);
  table.multiplexer2 = read_cell(cells.at("multiplexer2"), text.name);
  table.gate = read_cell(cells.at("gate"), text.name);
  table.function = read_cell(cells.at("function"), text.name);
  const YamlMapping memory = keys.at("memory").mapping({"um2", "um2_per_bit", "source", "kind", "uncertainty_percent"});
  table.memory_um2 = memory.at("um2").number(0, 1e9);
  table.memory_um2_per_bit = memory.at("um2_per_bit").number(0, 1e6);
  table.memory = read_provenance(memory, text.name);
  const YamlMapping leakage =
      keys.at("memory_leakage").mapping({"nw", "nw_per_bit", "source", "kind", "uncertainty_percent"});
  table.memory_leakage_nw = leakage.at("nw").number(0, 1e9);
  table.memory_leakage_nw_per_bit = leakage.at("nw_per_bit").number(0, 1e6);
  table.memory_leakage = read_provenance(leakage, text.name);
  return table;
}

AsicArea price_area(const accelerators::Structure& structure, const std::vector<SocBlock>& blocks,
                    const AreaTable& table) {
  AsicArea area;
  area.node = table.node;
  area.voltage_v = table.voltage_v;
  Pricer pricer(table, area);
  for (const SocBlock& block : blocks) add_block(pricer, block, table);
  for (const Primitive& primitive : structure) pricer.add(primitive);
  for (const ComponentArea& component : area.components) {
    area.um2.add(component.um2);
    area.leakage_nw.add(component.leakage_nw);
  }
  return area;
}

}  // namespace lutra::costs
