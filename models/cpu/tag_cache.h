#pragma once

#include <cstdint>
#include <vector>

#include "models/base/soc_config.h"

namespace lutra::models::cpu {

inline constexpr std::uint32_t least_line_bytes = 8;
inline constexpr std::uint32_t most_line_bytes = 256;

// One line's tag. `data` and `store_address` are a note of the data cache for its fast path: where the line's bytes
// lie, and its address again where a store needs nothing but to write them.
struct CacheLine {
  static constexpr std::uint32_t none = 0xFFFFFFFFu;  // no line's address: lines are at least 8 bytes

  std::uint32_t address = none;
  std::uint32_t store_address = none;
  std::uint8_t* data = nullptr;
  bool dirty = false;

  bool valid() const { return address != none; }
};

// The tags of a set-associative, least recently used cache. No data, no time.
class TagCache {
 public:
  // Throws Error naming `what` unless bytes, line_bytes (least_line_bytes..most_line_bytes) and the resulting number of
  // sets are powers of two. bytes == 0: no cache, in which nothing is ever found.
  TagCache(const CacheConfig& config, const char* what);

  bool exists() const { return exists_; }
  std::uint32_t line_bytes() const { return line_bytes_; }
  std::uint32_t line_shift() const { return line_shift_; }
  std::uint32_t set_mask() const { return sets_ - 1; }
  std::uint32_t line_of(std::uint32_t address) const { return address & ~(line_bytes_ - 1); }

  // The most recently used line of each set, by set.
  CacheLine* fronts() { return lines_.data(); }
  CacheLine& front(std::uint32_t address) { return lines_[set_of(address)]; }

  // Makes the line the most recently used of its set; false where it is not in the cache.
  bool touch(std::uint32_t line);

  // The line that `insert` would drop; not valid where there is room.
  const CacheLine& victim(std::uint32_t line) const { return lines_[(ways_ - 1) * sets_ + set_of(line)]; }

  // Puts a clean line at the front of its set, dropping the least recently used one.
  CacheLine& insert(std::uint32_t line);

  // Drops every line that has a byte in first..last.
  void drop(std::uint32_t first, std::uint32_t last);
  void clear();

  // The lines that are dirty, set by set, most recently used first.
  std::vector<std::uint32_t> dirty_lines() const;

 private:
  std::uint32_t set_of(std::uint32_t address) const { return address >> line_shift_ & (sets_ - 1); }
  CacheLine& at(std::uint32_t way, std::uint32_t set) { return lines_[way * sets_ + set]; }

  bool exists_;
  std::uint32_t line_bytes_;
  std::uint32_t line_shift_;
  std::uint32_t ways_;
  std::uint32_t sets_;
  std::vector<CacheLine> lines_;  // [way][set], ways in order of recency
};

}  // namespace lutra::models::cpu
