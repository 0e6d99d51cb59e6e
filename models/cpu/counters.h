#pragma once

#include <array>
#include <cstdint>

#include "models/base/statistics.h"
#include "models/cpu/cycle_ledger.h"
#include "models/cpu/instruction.h"

namespace lutra::models::cpu {

class Bus;
class Processor;

// The hart's entries in the statistics; README.md lists them.
class Counters {
 public:
  explicit Counters(Statistics& statistics);

  // Brings them up to date, to the instruction and the cycle.
  void update(Processor& processor, const Bus& bus);

 private:
  std::array<std::uint64_t*, instruction_classes> classes_{};
  std::array<std::uint64_t*, activities> cycles_{};
  std::uint64_t& exceptions_;
  std::uint64_t& interrupts_;
  std::uint64_t& instruction_hits_;
  std::uint64_t& instruction_misses_;
  std::uint64_t& instruction_words_;
  std::uint64_t& data_hits_;
  std::uint64_t& data_misses_;
  std::uint64_t& data_write_backs_;
  std::uint64_t& tcm_reads_;
  std::uint64_t& tcm_writes_;
  std::uint64_t& tcm_fetches_;
};

}  // namespace lutra::models::cpu
