#pragma once

#include <cstdint>
#include <span>

#include "accelerators/family/engine_config.h"
#include "accelerators/family/tile.h"

namespace lutra::accelerators::mac {

// The values of Family::compute: adds the tile's dot products to `accumulators`.
void multiply_accumulate(const MatrixTile& tile, const EngineConfig& config, std::span<const std::uint8_t> activations,
                         std::span<const std::uint8_t> weights, std::span<std::int32_t> accumulators);

}  // namespace lutra::accelerators::mac
