#pragma once

#include <map>
#include <string>
#include <vector>

namespace lutra::exploration {

// Which tables make up one ASIC node. software/exploration/costs/targets.yaml is the only list.
struct AsicTarget {
  std::string node;
  std::vector<std::string> energy;              // tables of every block of the SoC
  std::map<std::string, std::string> families;  // and one per PE family
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

// Throws Error naming the known nodes.
AsicTarget find_asic_target(const std::string& node);

}  // namespace lutra::exploration
