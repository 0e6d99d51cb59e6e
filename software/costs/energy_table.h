#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "software/costs/provenance.h"
#include "software/costs/table_files.h"

namespace lutra::costs {

// One energy table, as written. software/costs/README.md describes the format.

struct EventEnergy {
  std::string component;
  std::string event;
  double pj = 0;                        // per event, byte or cycle: whatever the counter counts
  double element_pj = 0;                // and what the lanes of an array's element share,
  double row_pj = 0;                    // the elements of a row,
  double column_pj = 0;                 // and those of a column
  std::vector<double> by_pipeline;      // factor on all of them by the pipeline's depth, 0 first; absent: 1
  std::optional<int> width_activation;  // of the multiplier this figure is for; absent: any
  std::optional<int> width_weight;
  Provenance provenance;
};

// Per access of word_bits to a memory of capacity_bytes.
struct CapacityEnergy {
  std::uint64_t capacity_bytes = 0;
  int word_bits = 32;
  double read_pj = 0;
  double write_pj = 0;
  Provenance provenance;
};

// A counter that costs nothing by itself, and why. A trailing '*' stands for any rest.
struct FreeEvent {
  std::string component;
  std::string event;
  std::string reason;
};

struct EnergyTable {
  std::string name;  // in results and messages
  std::string implementation;
  std::string node;
  double voltage_v = 0;
  std::vector<EventEnergy> energy;
  std::vector<CapacityEnergy> by_capacity;  // ascending
  std::vector<FreeEvent> free;
};

// Throws Error naming file and line.
EnergyTable parse_energy_table(const TableText& text);

}  // namespace lutra::costs
