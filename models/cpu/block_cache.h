#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "models/cpu/core.h"
#include "models/cpu/instruction_memory.h"
#include "models/cpu/timing.h"

namespace lutra::models::cpu {

// What the blocks executed so far add up to.
struct BlockTotals {
  std::array<std::uint64_t, instruction_classes> classes{};
  std::uint64_t tcm_words = 0;    // fetched
  std::uint64_t cache_words = 0;  // fetched
};

// Decoded blocks by address. A store to instructions shows after fence.i and not before.
class BlockCache {
 public:
  BlockCache(const InstructionMemory& memory, const PipelineTiming& timing) : memory_(memory), timing_(timing) {}

  // Decodes the block on first use. The block lives until the next flush.
  Block& find(std::uint32_t pc) {
    Block* recent = recent_[slot(pc)];
    return recent && recent->pc == pc ? *recent : look_up(pc);
  }

  // What a jump to `pc` costs more: something where its instruction lies in two words that are fetched without waiting.
  std::uint32_t jumped_to_cycles(std::uint32_t pc) const;

  void flush();
  bool is_crowded() const { return blocks_.size() >= most_blocks; }

  const BlockTotals& collect();

 private:
  static constexpr std::size_t slots = 4096;
  static constexpr std::size_t most_blocks = 1u << 16;

  static std::size_t slot(std::uint32_t pc) { return pc / 2 % slots; }
  Block& look_up(std::uint32_t pc);
  std::unique_ptr<Block> build(std::uint32_t pc) const;
  void add_jump_cycles(Block& block) const;  // of what ends it

  const InstructionMemory& memory_;
  const PipelineTiming& timing_;
  std::array<Block*, slots> recent_{};
  std::unordered_map<std::uint32_t, Block*> by_pc_;
  std::vector<std::unique_ptr<Block>> blocks_;
  BlockTotals totals_;
};

}  // namespace lutra::models::cpu
