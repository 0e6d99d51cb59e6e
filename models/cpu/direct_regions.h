#pragma once

#include <cstdint>
#include <vector>

#include "models/cpu/bus.h"

namespace lutra::models::cpu {

// The direct memories the bus has granted so far. One it refuses is asked for again at the next access.
class DirectRegions {
 public:
  explicit DirectRegions(Bus& bus) : bus_(bus) {}

  // The region that holds all of first..last, or null. The pointer is valid until the next call.
  const DirectMemory* find(std::uint32_t first, std::uint32_t last) {
    for (const DirectMemory& region : regions_)
      if (region.covers(first, last)) return &region;
    const auto granted = bus_.direct_memory(first);
    if (!granted || !granted->covers(first, last)) return nullptr;
    regions_.push_back(*granted);
    return &regions_.back();
  }

  // The bus takes back what overlaps first..last.
  void drop(std::uint32_t first, std::uint32_t last) {
    std::erase_if(regions_, [&](const DirectMemory& region) { return region.first <= last && region.last >= first; });
  }

 private:
  Bus& bus_;
  std::vector<DirectMemory> regions_;
};

}  // namespace lutra::models::cpu
