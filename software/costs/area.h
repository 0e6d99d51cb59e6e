#pragma once

#include <string>
#include <vector>

#include "accelerators/family/structure.h"
#include "software/costs/provenance.h"
#include "software/costs/soc_structure.h"

namespace lutra::costs {

struct ComponentArea {
  std::string component;
  Estimate um2;
  Estimate leakage_nw;
};

// What a design takes of an ASIC node: cell area, and what its logic leaks.
struct AsicArea {
  std::string node;
  double voltage_v = 0;
  std::vector<ComponentArea> components;
  Estimate um2;
  Estimate leakage_nw;
  std::vector<Provenance> sources;
};

// `table`: an embedded area table (software/costs/tables/area_45nm.yaml says what it holds).
AsicArea price_area(const accelerators::Structure& structure, const std::vector<SocBlock>& blocks,
                    const std::string& table);

}  // namespace lutra::costs
