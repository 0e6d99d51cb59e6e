#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "accelerators/engine/buffers.h"
#include "accelerators/interface/commands.h"

namespace lutra::accelerators {

struct PostResult {
  // false: the parameter buffer has a requantise entry that the hardware cannot compute; nothing else is set
  bool parameters_valid = true;
  std::vector<std::uint8_t> codes;   // pixel-packed at code_bits; empty without LUTRA_TILE_CODES
  std::vector<std::uint8_t> stream;  // pixel-packed at 16 bits; empty without LUTRA_TILE_STREAM
};

// The arithmetic of software/network/quantised/quantised_network.h on the sums [(y * columns + x) * channels + k] of a
// tile that has passed check_tile. Products are 64 bits wide and wrap.
PostResult post_process(const lutra_tile& tile, const EngineConfig& config, const Buffers& buffers,
                        std::span<const std::int32_t> sums);

// Comparisons that find one code: the thresholds are searched in halves, or, where a post-processor of another form has
// a few comparators, looked at all at once.
int threshold_comparisons(const lutra_tile& tile, const EngineConfig& config);

}  // namespace lutra::accelerators
