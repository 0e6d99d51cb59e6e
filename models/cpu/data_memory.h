#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "models/cpu/core.h"
#include "models/cpu/direct_regions.h"
#include "models/cpu/local_time.h"
#include "models/cpu/tag_cache.h"
#include "models/cpu/timing.h"

namespace lutra::models::cpu {

// Loads and stores on every path: tightly coupled memory, data cache, bus. The handlers take the fast paths themselves.
// An access is made while an operation is paused; what it waits is added to the local time.
class DataMemory {
 public:
  // Throws Error on an impossible cache.
  DataMemory(Core& core, LocalTime& time, Bus& bus, DirectRegions& regions, const CacheConfig& config,
             const PipelineTiming& timing);

  // 1, 2 or 4 bytes, zero-extended. An access that crosses a word is made as two. None, or false: the bus answered with
  // an error, and fault_address() says for which part.
  std::optional<std::uint32_t> load(std::uint32_t address, std::uint32_t bytes);
  bool store(std::uint32_t address, std::uint32_t bytes, std::uint32_t value);
  std::uint32_t fault_address() const { return fault_address_; }

  // The aligned word at `address` without time or counters; none where it cannot be read so.
  std::optional<std::uint32_t> peek_word(std::uint32_t address) const;

  // Writes dirty lines back and forgets all lines. False as above.
  bool clean();

  // The bus takes back direct memory: lines in first..last are forgotten.
  void forget(std::uint32_t first, std::uint32_t last) { cache_.drop(first, last); }

  void attach_tcm(std::uint32_t base, std::span<std::uint8_t> memory);
  void watch(std::uint32_t address, std::function<void(std::uint32_t)> stored);

  std::uint64_t misses() const { return misses_; }
  std::uint64_t write_backs() const { return write_backs_; }

 private:
  enum class Path { cached, bus, fault };

  std::optional<std::uint32_t> load_part(std::uint32_t address, std::uint32_t bytes);
  bool store_part(std::uint32_t address, std::uint32_t bytes, std::uint32_t value);
  bool store_unwatched(std::uint32_t address, std::uint32_t bytes, std::uint32_t value);

  std::uint8_t* tcm_at(std::uint32_t address, std::uint32_t bytes) const;
  const DirectMemory* region_of_line(std::uint32_t line) const;
  Path bring_to_front(std::uint32_t line, bool for_store);
  bool fill(std::uint32_t line);
  bool write_back(std::uint32_t line);
  template <class Transaction>
  bool on_bus(std::uint32_t address, Transaction transaction);

  bool is_watched(std::uint32_t first, std::uint32_t last) const;
  void limit_fast_stores();

  Core& core_;
  LocalTime& time_;
  Bus& bus_;
  DirectRegions& regions_;
  TagCache cache_;
  std::uint32_t misaligned_cycles_;
  std::uint32_t fault_address_ = 0;
  std::uint64_t misses_ = 0;
  std::uint64_t write_backs_ = 0;
  std::optional<std::uint32_t> watched_;
  std::function<void(std::uint32_t)> stored_;
};

}  // namespace lutra::models::cpu
