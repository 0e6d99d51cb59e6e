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
  std::uint32_t csr_write = 0;  // that flushes the pipeline
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
  std::uint32_t split_target = 0;  // on top of a jump to an instruction that lies in two words
  std::uint32_t fence = 0;
  std::uint32_t fence_i = 0;
  std::uint32_t load_reserved = 0;
  std::uint32_t store_conditional = 0;
  std::uint32_t atomic_operation = 0;
  std::uint32_t environment = 0;  // ecall, ebreak, illegal instructions
  std::uint32_t mret = 0;
  std::uint32_t wfi = 0;                // without the time asleep
  std::uint32_t wake = 0;               // from the interrupt that ends wfi to the next instruction
  std::uint32_t wake_to_interrupt = 0;  // in its place where that interrupt is taken
  std::uint32_t trap_entry = 0;         // on top of the instruction that trapped
  std::uint32_t interrupt_entry = 0;    // on top of the instruction before it

  // Of the CSR `number`. Writes to all but mscratch and mepc flush the pipeline: Ibex, rtl/ibex_id_stage.sv,
  // csr_pipe_flush.
  std::uint32_t csr_access(std::uint32_t number, bool writes) const;

  // What is charged when the instruction is entered: a branch as not taken, a division by other than zero, a jump as to
  // an instruction within one word.
  std::uint32_t cycles_of(const Instruction& instruction) const;
};

// The embedded `models/cpu/timing/<name>.yaml`. Throws Error, naming the models there are, when the file does not
// exist, and as parse_timing does.
PipelineTiming load_timing(std::string_view name);

// `file` is named in errors: a missing or unknown row or key, a count of cycles that is none (1..1000).
PipelineTiming parse_timing(std::string_view text, const std::string& file);

}  // namespace lutra::models::cpu
