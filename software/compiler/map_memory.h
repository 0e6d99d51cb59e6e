#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "accelerators/family/memory_use.h"
#include "software/compiler/compiler.h"
#include "software/compiler/feature_maps.h"

namespace lutra::compiler {

// Which feature maps stay in the engine's map memory, and where.
class MapMemory {
 public:
  MapMemory(const network::QuantisedNetwork& network, std::uint64_t capacity)
      : network_(&network), capacity_(capacity) {}

  // Places the maps of these operations behind the first `reserved` bytes; false where an earlier call's places still
  // hold, since the engine computes all that use them.
  bool place(std::span<const PlannedOp> ops, std::uint64_t reserved);

  bool lacks_room() const;                          // for a map that may stay
  bool holds_rings() const;                         // all that the operations' stripes need
  std::uint64_t needed() const { return needed_; }  // bytes with which all that may would stay
  // Bytes of maps that cross to main memory and back in a frame, as the operations were planned.
  std::uint64_t spilled_bytes() const { return spilled_; }
  // Whether main memory has it for want of room, in a map that may stay.
  bool lacks_room(const MapPlan& plan) const { return !plan.stays && plan.elsewhere == no_room; }

  std::optional<std::uint64_t> offset(network::EdgeId edge) const;
  lutra_memory memory(network::EdgeId edge) const { return offset(edge) ? LUTRA_MEMORY_MAPS : LUTRA_MEMORY_MAIN; }
  const std::vector<MapPlan>& plans() const { return plans_; }
  std::uint64_t bytes() const { return bytes_; }  // that are used, the reserved ones with them

 private:
  static constexpr const char* no_room = "no room";

  const network::QuantisedNetwork* network_;
  std::uint64_t capacity_;
  std::uint64_t needed_ = 0;
  std::uint64_t spilled_ = 0;
  std::vector<std::optional<std::uint64_t>> offsets_;  // by edge
  std::vector<MapPlan> plans_;
  std::uint64_t bytes_ = 0;
};

}  // namespace lutra::compiler
