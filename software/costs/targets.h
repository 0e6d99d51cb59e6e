#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "software/costs/area.h"
#include "software/costs/clock.h"
#include "software/costs/energy_table.h"
#include "software/costs/table_files.h"

namespace lutra::costs {

// The tables of one ASIC node.
struct AsicTarget {
  std::string node;
  std::vector<EnergyTable> energy;              // of every block of the SoC but the PE array and the main memory
  std::map<std::string, EnergyTable> memories;  // of the main memory, by its kind; those that the node has
  std::map<std::string, EnergyTable> families;  // of the PE array, by family; those that the node has
  AreaTable area;
  std::optional<ClockTable> clock;
  std::vector<std::string> not_counted;  // energies the tables leave out, said with every total
};

// The nodes of the tables `targets`, with the tables they name. Throws Error naming file and line.
std::vector<AsicTarget> read_targets(TableFiles& files);

// The target's tables for a design with this kind of main memory and this PE family; empty: without an engine. Throws
// Error naming the table that is missing.
std::vector<EnergyTable> energy_tables(const AsicTarget& target, const std::string& main_memory,
                                       const std::string& family);

}  // namespace lutra::costs
