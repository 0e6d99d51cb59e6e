#include "models/cpu/block_cache.h"

#include "models/cpu/decode.h"
#include "models/cpu/execute.h"
#include "models/cpu/value.h"

namespace lutra::models::cpu {

namespace {

constexpr std::uint32_t most_instructions = 64;

std::uint32_t words_between(std::uint32_t first, std::uint32_t end) {
  return ((end - 1) - (first & ~(word_bytes - 1))) / word_bytes + 1;
}

void append(Block& block, const Op& op, const OpInfo& info) {
  block.ops.push_back(op);
  block.infos.push_back(info);
  ++block.count;
}

void append(Block& block, std::uint32_t pc, const Instruction& instruction, std::uint32_t cycles) {
  const Opcode opcode = instruction.opcode;
  Op op;
  op.opcode = opcode;
  op.immediate = instruction.immediate;
  op.rd = instruction.rd == 0 ? Core::sink : instruction.rd;
  op.rs1 = instruction.rs1;
  op.rs2 = instruction.rs2;
  const bool relative = opcode == Opcode::auipc || (opcode >= Opcode::jal && opcode <= Opcode::bgeu);
  if (relative && opcode != Opcode::jalr) op.immediate += pc;
  op.run = opcode == Opcode::jal && op.immediate == pc ? jump_to_self : handler_of(opcode);
  for (OpInfo& before : block.infos) before.cycles_after += cycles;
  append(block, op, OpInfo{pc, instruction.bits, 0, class_of(opcode)});
  ++block.classes[static_cast<std::size_t>(class_of(opcode))];
  block.cycles += cycles;
  block.end = pc + instruction.bytes;
}

// A block whose instruction cannot be fetched: its execution is the fault.
void append_fault(Block& block, std::uint32_t fault_address) {
  Op op;
  op.run = fetch_fault;
  op.immediate = fault_address;
  append(block, op, OpInfo{block.pc, 0, 0, InstructionClass::system});
  block.fetch = FetchPath::bus;
  block.end = fault_address + 2;
}

}  // namespace

std::unique_ptr<Block> BlockCache::build(std::uint32_t pc) const {
  auto block = std::make_unique<Block>();
  block->jumped_to_cycles = jumped_to_cycles(pc);
  block->pc = block->end = pc;
  block->fetch = memory_.path(pc);
  const std::uint32_t limit = block->fetch == FetchPath::bus ? 1 : most_instructions;
  bool ended = false;
  while (!ended && block->count < limit) {
    const std::uint32_t at = block->end;
    if (block->count > 0 && (at < pc || memory_.path(at) != block->fetch)) break;
    const auto low = memory_.parcel(at);
    const bool whole = low && is_compressed(*low);
    const auto high = low && !whole ? memory_.parcel(at + 2) : std::nullopt;
    if (!whole && !high) {
      if (block->count > 0) break;
      append_fault(*block, low ? at + 2 : at);
      return block;
    }
    const Instruction instruction = decode(whole ? *low : std::uint32_t{*high} << 16 | *low);
    append(*block, at, instruction, timing_.cycles_of(instruction));
    ended = ends_block(instruction.opcode);
  }
  add_jump_cycles(*block);
  if (!ended) {
    Op op;
    op.run = fall_through;
    block->ops.push_back(op);
  }
  block->words = words_between(block->pc, block->end);
  return block;
}

std::uint32_t BlockCache::jumped_to_cycles(std::uint32_t pc) const {
  if (pc % word_bytes == 0 || memory_.path(pc) == FetchPath::bus) return 0;
  const auto low = memory_.parcel(pc);
  return low && !is_compressed(*low) ? timing_.split_target : 0;
}

void BlockCache::add_jump_cycles(Block& block) const {
  const Op& last = block.ops.back();
  const InstructionClass kind = class_of(last.opcode);
  if (kind == InstructionClass::branch)
    block.taken_cycles = timing_.branch_taken - timing_.branch_not_taken + jumped_to_cycles(last.immediate);
  if (last.opcode == Opcode::jal) block.cycles += jumped_to_cycles(last.immediate);
}

Block& BlockCache::look_up(std::uint32_t pc) {
  Block*& known = by_pc_[pc];
  if (!known) {
    blocks_.push_back(build(pc));
    known = blocks_.back().get();
  }
  recent_[slot(pc)] = known;
  return *known;
}

const BlockTotals& BlockCache::collect() {
  for (const auto& block : blocks_) {
    for (std::size_t i = 0; i < instruction_classes; ++i) totals_.classes[i] += block->executions * block->classes[i];
    if (block->fetch == FetchPath::tcm) totals_.tcm_words += block->executions * block->words;
    if (block->fetch == FetchPath::cache) totals_.cache_words += block->executions * block->words;
    block->executions = 0;
  }
  return totals_;
}

void BlockCache::flush() {
  collect();
  recent_.fill(nullptr);
  by_pc_.clear();
  blocks_.clear();
}

}  // namespace lutra::models::cpu
