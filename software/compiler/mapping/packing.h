#pragma once

#include <cstdint>
#include <vector>

#include "accelerators/family/family.h"
#include "software/compiler/mapping/tiling.h"

namespace lutra::compiler {

// The weights one tile multiplies, as the family packs them.
accelerators::PackedWeights pack_tile_weights(const Layer& layer, const ChannelTile& channels, const Chunk& chunk,
                                              const accelerators::Family& family);
std::int64_t packed_weight_bytes(const Layer& layer, const ChannelTile& channels, const Chunk& chunk,
                                 const accelerators::Family& family);

// The format and bits the family gives an operation's weights in tile commands, whatever the tile.
void name_weights(LoweredOp& lowered, const accelerators::Family& family);

// All weights as the hart's kernels read them (struct lutra_op).
std::vector<std::uint8_t> pack_hart_weights(const LoweredOp& lowered);

}  // namespace lutra::compiler
