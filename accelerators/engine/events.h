#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "accelerators/engine/compute_tile.h"
#include "accelerators/engine/ledger.h"
#include "accelerators/family/family.h"
#include "models/base/statistics.h"

namespace lutra::accelerators {

// The engine's counters in the simulation's statistics; README.md lists them.
class EventCounters {
 public:
  EventCounters(const EngineConfig& config, const Family& family, models::Statistics& statistics);

  void count_tile(const TileEvents& tile);
  void count_burst(Unit unit, lutra_buffer buffer, std::uint64_t bytes);         // load or store
  void count_map_transfer(Unit unit, lutra_buffer buffer, std::uint64_t bytes);  // load or store
  void count_padding(lutra_buffer buffer, std::uint64_t bytes);
  void count_fetch(std::uint64_t bytes);
  void count_resident_fetch(std::uint64_t bytes);  // from the command memory
  void count_command();
  void set_cycles(const Ledger& ledger);

 private:
  struct Port {
    std::uint64_t* read = nullptr;
    std::uint64_t* write = nullptr;
  };

  std::array<Port, LUTRA_BUFFER_COUNT> buffers_{};
  Port accumulators_;
  std::vector<std::uint64_t*> array_;
  std::vector<std::uint64_t*> post_;
  std::array<std::uint64_t*, cause_count> causes_{};
  std::array<std::uint64_t*, unit_count> busy_{};
  std::array<std::uint64_t*, unit_count> bursts_{};
  std::array<std::uint64_t*, unit_count> burst_bytes_{};
  std::uint64_t* commands_ = nullptr;
};

}  // namespace lutra::accelerators
