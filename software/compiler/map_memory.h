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
  MapMemory(const network::QuantisedNetwork& network, accelerators::MapPlace use, std::uint64_t capacity)
      : network_(network), use_(use), capacity_(capacity) {}

  // Places the maps of these operations behind the first `reserved` bytes; false where an earlier call's places still
  // hold, since the engine computes all that use them. Throws NoRoom where all are to stay and do not fit.
  bool place(std::span<const PlannedOp> ops, std::uint64_t reserved);

  std::optional<std::uint64_t> offset(network::EdgeId edge) const;
  lutra_memory memory(network::EdgeId edge) const { return offset(edge) ? LUTRA_MEMORY_MAPS : LUTRA_MEMORY_MAIN; }
  const std::vector<MapPlan>& plans() const { return plans_; }
  std::uint64_t bytes() const { return bytes_; }  // that are used, the reserved ones with them

 private:
  const network::QuantisedNetwork& network_;
  accelerators::MapPlace use_;
  std::uint64_t capacity_;
  std::vector<std::optional<std::uint64_t>> offsets_;  // by edge
  std::vector<MapPlan> plans_;
  std::uint64_t bytes_ = 0;
};

}  // namespace lutra::compiler
