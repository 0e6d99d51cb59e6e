#include "models/cpu/tag_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "software/common/error.h"

namespace lutra::models::cpu {

namespace {

constexpr std::uint32_t most_bytes = 1u << 26;

void check(const CacheConfig& config, const char* what) {
  const auto fail = [&](const std::string& reason) { throw Error(fmt::format("{}: {}", what, reason)); };
  if (!std::has_single_bit(config.line_bytes) || config.line_bytes < least_line_bytes ||
      config.line_bytes > most_line_bytes)
    fail(fmt::format("line_bytes is {}; it must be a power of two from {} to {}", config.line_bytes, least_line_bytes,
                     most_line_bytes));
  if (config.bytes == 0) return;
  if (config.bytes > most_bytes) fail(fmt::format("bytes is {}; it must be at most {}", config.bytes, most_bytes));
  if (config.ways == 0) fail("ways is 0; it must be at least 1");
  const std::uint64_t set_bytes = std::uint64_t{config.ways} * config.line_bytes;
  if (config.bytes % set_bytes != 0 || !std::has_single_bit(config.bytes / set_bytes))
    fail(fmt::format("{} bytes in {} ways of {}-byte lines give no power of two of sets; change bytes or ways",
                     config.bytes, config.ways, config.line_bytes));
}

}  // namespace

TagCache::TagCache(const CacheConfig& config, const char* what) {
  check(config, what);
  exists_ = config.bytes != 0;
  line_bytes_ = config.line_bytes;
  line_shift_ = static_cast<std::uint32_t>(std::countr_zero(line_bytes_));
  ways_ = exists_ ? config.ways : 1;
  sets_ = exists_ ? config.bytes / (ways_ * line_bytes_) : 1;
  lines_.resize(std::size_t{ways_} * sets_);
}

bool TagCache::touch(std::uint32_t line) {
  const std::uint32_t set = set_of(line);
  for (std::uint32_t way = 0; way < ways_; ++way) {
    if (at(way, set).address != line) continue;
    const CacheLine found = at(way, set);
    for (; way > 0; --way) at(way, set) = at(way - 1, set);
    at(0, set) = found;
    return true;
  }
  return false;
}

CacheLine& TagCache::insert(std::uint32_t line) {
  const std::uint32_t set = set_of(line);
  for (std::uint32_t way = ways_ - 1; way > 0; --way) at(way, set) = at(way - 1, set);
  at(0, set) = CacheLine{.address = line};
  return at(0, set);
}

void TagCache::drop(std::uint32_t first, std::uint32_t last) {
  for (std::uint32_t set = 0; set < sets_; ++set) {
    std::uint32_t kept = 0;
    for (std::uint32_t way = 0; way < ways_; ++way) {
      const CacheLine line = at(way, set);
      const bool hit = line.valid() && line.address <= last && line.address + (line_bytes_ - 1) >= first;
      if (!hit) at(kept++, set) = line;
    }
    for (; kept < ways_; ++kept) at(kept, set) = CacheLine{};
  }
}

void TagCache::clear() { std::fill(lines_.begin(), lines_.end(), CacheLine{}); }

std::vector<std::uint32_t> TagCache::dirty_lines() const {
  std::vector<std::uint32_t> dirty;
  for (std::uint32_t set = 0; set < sets_; ++set)
    for (std::uint32_t way = 0; way < ways_; ++way)
      if (const CacheLine& line = lines_[way * sets_ + set]; line.valid() && line.dirty) dirty.push_back(line.address);
  return dirty;
}

}  // namespace lutra::models::cpu
