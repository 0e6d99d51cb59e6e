#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/cpu/instruction.h"

namespace lutra::models::cpu {

// Cycles an instruction occupies the pipeline when its memory accesses find no wait states.
struct PipelineTiming {
  std::uint32_t alu = 0;
  std::uint32_t csr = 0;
  std::uint32_t load = 0;
  std::uint32_t store = 0;
  std::uint32_t misaligned_access = 0;  // on top of load or store
  std::uint32_t multiply = 0;
  std::uint32_t multiply_high = 0;
  std::uint32_t divide = 0;
  std::uint32_t divide_by_zero = 0;
  std::uint32_t branch_not_taken = 0;
  std::uint32_t branch_taken = 0;
  std::uint32_t jump = 0;
  std::uint32_t fence = 0;
  std::uint32_t fence_i = 0;
  std::uint32_t load_reserved = 0;
  std::uint32_t store_conditional = 0;
  std::uint32_t atomic_operation = 0;
  std::uint32_t environment = 0;  // ecall, ebreak, illegal instructions
  std::uint32_t mret = 0;
  std::uint32_t wfi = 0;         // without the time asleep
  std::uint32_t trap_entry = 0;  // on top of the instruction that trapped

  // What is charged when the instruction is entered: a branch as not taken, a division by other than zero.
  std::uint32_t cycles_of(Opcode opcode) const;
};

// The embedded `models/cpu/timing/<name>.yaml`. Throws Error, naming the models there are, when the file does not
// exist, and as parse_timing does.
PipelineTiming load_timing(std::string_view name);

// `file` is named in errors: a missing or unknown row or key, a count of cycles that is none (1..1000).
PipelineTiming parse_timing(std::string_view text, const std::string& file);

}  // namespace lutra::models::cpu
