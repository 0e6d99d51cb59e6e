#pragma once

#include <cstdint>
#include <optional>

#include "models/cpu/core.h"
#include "models/cpu/direct_regions.h"
#include "models/cpu/local_time.h"
#include "models/cpu/tag_cache.h"

namespace lutra::models::cpu {

// Where instructions come from and how long it takes to fetch them.
class InstructionMemory {
 public:
  // Throws Error on an impossible cache.
  InstructionMemory(Core& core, LocalTime& time, Bus& bus, DirectRegions& regions, const CacheConfig& config);

  FetchPath path(std::uint32_t address) const;

  // The 16 bits at an even address, without time; none where nothing can be read.
  std::optional<std::uint16_t> parcel(std::uint32_t address) const;

  // Takes the time to fetch the block. False: the bus answered with an error, for fault_address().
  bool fetch(const Block& block) {
    if (block.fetch == FetchPath::tcm) return true;
    if (block.fetch == FetchPath::bus) return fetch_words(block);
    const std::uint32_t first = cache_.line_of(block.pc);
    const std::uint32_t last = cache_.line_of(block.end - 1);
    if (first != last || cache_.front(first).address != first) return fetch_lines(first, last);
    ++hits_;
    return true;
  }
  std::uint32_t fault_address() const { return fault_address_; }

  // fence.i: what was fetched before is fetched again.
  void forget_all();
  // The bus takes back direct memory.
  void forget(std::uint32_t first, std::uint32_t last) { cache_.drop(first, last); }

  std::uint64_t hits() const { return hits_; }
  std::uint64_t misses() const { return misses_; }

 private:
  bool fetch_lines(std::uint32_t first, std::uint32_t last);
  bool fetch_words(const Block& block);
  bool transfer(std::uint32_t address, std::uint32_t bytes);
  const std::uint8_t* tcm_at(std::uint32_t address) const;

  Core& core_;
  LocalTime& time_;
  Bus& bus_;
  DirectRegions& regions_;
  TagCache cache_;
  std::uint32_t fault_address_ = 0;
  std::uint64_t hits_ = 0;
  std::uint64_t misses_ = 0;
  std::optional<std::uint32_t> last_word_;  // the fetch buffer of the uncached path
};

}  // namespace lutra::models::cpu
