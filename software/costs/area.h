#pragma once

#include <string>
#include <vector>

#include "accelerators/family/structure.h"
#include "software/costs/provenance.h"
#include "software/costs/soc_structure.h"
#include "software/costs/table_files.h"

namespace lutra::costs {

struct Cell {
  double um2 = 0;
  double leakage_nw = 0;
  Provenance provenance;
};

// software/costs/tables/area/45nm.yaml says what it holds.
struct AreaTable {
  std::string node;
  double voltage_v = 0;
  Cell full_adder, partial_product, flip_flop, multiplexer2, gate, function;
  double memory_um2 = 0;
  double memory_um2_per_bit = 0;
  Provenance memory;
  double memory_leakage_nw = 0;
  double memory_leakage_nw_per_bit = 0;
  Provenance memory_leakage;
};

// Throws Error naming file and line.
AreaTable parse_area_table(const TableText& text);

struct ComponentArea {
  std::string component;
  Estimate um2;
  Estimate leakage_nw;
};

// What a design takes of an ASIC node: area, and what leaks.
struct AsicArea {
  std::string node;
  double voltage_v = 0;
  std::vector<ComponentArea> components;
  Estimate um2;
  Estimate leakage_nw;
  std::vector<Provenance> sources;
};

AsicArea price_area(const accelerators::Structure& structure, const std::vector<SocBlock>& blocks,
                    const AreaTable& table);

}  // namespace lutra::costs
