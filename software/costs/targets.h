#pragma once

#include <string>
#include <vector>

namespace lutra::costs {

// Which tables make up one ASIC node. software/costs/tables/targets.yaml is the only list.
struct AsicTarget {
  std::string node;
  std::vector<std::string> energy;  // tables of every block of the SoC but the PE array
  std::string area;
  std::vector<std::string> not_counted;  // energies the tables leave out, said with every total
};

struct Targets {
  std::vector<AsicTarget> asic;
  std::string devices;
  std::string soc_blocks;
  std::string published_software;
};

Targets load_targets();
std::vector<std::string> asic_nodes();

// The table of a PE family: accelerators/<family>/costs/asic_<node>.yaml.
std::string family_table(const std::string& family, const std::string& node);

// Throws Error naming the known nodes.
AsicTarget find_asic_target(const std::string& node);

}  // namespace lutra::costs
