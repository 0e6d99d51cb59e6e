#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/cpu/instruction.h"
#include "models/cpu/tag_cache.h"

namespace lutra::models::cpu {

class Processor;
struct Block;
struct Core;
struct Op;

// Where a block leads, filled in when the way is first taken. A handler that returns none has set Core::pc.
using Link = Block*;

// Executes an operation and those that follow in its block; returns the link out of the block.
using Handler = Link* (*)(Core&, const Op*);

// A decoded instruction as its handler wants it.
struct Op {
  Handler run = nullptr;
  std::uint32_t immediate = 0;  // of a branch or jal: the target; of auipc: the result
  std::uint8_t rd = 0;          // Core::sink for x0
  std::uint8_t rs1 = 0;
  std::uint8_t rs2 = 0;
  Opcode opcode = Opcode::illegal;
};

// What only the slow paths ask about an operation.
struct OpInfo {
  std::uint32_t pc = 0;
  std::uint32_t bits = 0;
  std::uint32_t cycles_after = 0;  // of the operations behind it in the block
  InstructionClass instruction_class = InstructionClass::system;
};

enum class FetchPath : std::uint8_t { tcm, cache, bus };

// Instructions that are always executed one after the other, with what they cost when nothing stalls. Counts and cycles
// are added when the block is entered; whoever leaves it early takes back what was not executed.
struct Block {
  std::uint32_t pc = 0;
  std::uint32_t end = 0;  // of the instruction behind the last one
  std::uint32_t cycles = 0;
  std::uint32_t count = 0;
  std::uint32_t words = 0;             // 32-bit words fetched
  std::uint32_t jumped_to_cycles = 0;  // more when it is jumped to
  std::uint32_t taken_cycles = 0;      // more when its branch is taken
  FetchPath fetch = FetchPath::tcm;
  std::uint64_t executions = 0;  // since last collected
  Link taken = nullptr;
  Link next = nullptr;
  std::vector<Op> ops;
  std::vector<OpInfo> infos;  // beside ops
  std::array<std::uint16_t, instruction_classes> classes{};
};

// The state that handlers work on.
struct Core {
  static constexpr std::uint8_t sink = 32;  // takes what is written to x0

  std::array<std::uint32_t, 33> x{};
  std::uint32_t pc = 0;  // valid between blocks
  Block* block = nullptr;

  std::uint64_t cycles = 0;   // of everything entered, the whole current block included
  std::uint64_t pending = 0;  // of those, the cycles that have not passed yet; set while an operation is on a slow path
  std::uint64_t issued = 0;   // instructions
  std::uint64_t deadline = 0;  // in instructions issued: when the processor wants to look between two blocks
  std::uint64_t horizon = 0;   // in cycles: when it wants to look between two instructions
  const Op* paused = nullptr;  // the operation that is on a slow path

  std::uint64_t divide_by_zero_cycles = 0;  // on top of a division, modulo 2^64

  // Tightly coupled memory. Fast accesses must end within these many bytes; zero stores where one address is watched.
  std::uint8_t* tcm = nullptr;
  std::uint32_t tcm_base = 0;
  std::uint32_t tcm_load_bytes = 0;
  std::uint32_t tcm_store_bytes = 0;
  std::uint64_t tcm_reads = 0;
  std::uint64_t tcm_writes = 0;

  // Data cache: the most recently used line of each set.
  CacheLine* lines = nullptr;
  std::uint32_t line_shift = 0;
  std::uint32_t set_mask = 0;
  std::uint32_t line_offset_mask = 0;
  std::uint64_t data_cache_hits = 0;

  Processor* processor = nullptr;

  const OpInfo& info(const Op* op) const { return block->infos[static_cast<std::size_t>(op - block->ops.data())]; }
  void look_soon() { deadline = 0; }
};

}  // namespace lutra::models::cpu
