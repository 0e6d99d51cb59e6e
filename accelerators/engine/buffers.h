#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "accelerators/family/engine_config.h"
#include "accelerators/interface/commands.h"

namespace lutra::accelerators {

// The engine's scratchpads, as bytes; the accumulator buffer as words.
struct Buffers {
  explicit Buffers(const EngineConfig& config);

  std::array<std::vector<std::uint8_t>, LUTRA_BUFFER_COUNT> bytes;
  std::vector<std::int32_t> accumulators;
  std::uint32_t weight_level = 0;  // bytes of the weight memory from 0 on that loads have written
};

// Where a matrix tile's weights lie.
inline lutra_buffer weight_place(const lutra_tile& tile) {
  return (tile.flags & LUTRA_TILE_RESIDENT_WEIGHTS) != 0 ? LUTRA_BUFFER_WEIGHT_MEMORY : LUTRA_BUFFER_WEIGHT;
}

std::uint64_t buffer_capacity(const EngineConfig& config, lutra_buffer buffer);

}  // namespace lutra::accelerators
