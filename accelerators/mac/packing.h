#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "accelerators/family/tile.h"

namespace lutra::accelerators::mac {

// The weight words of README.md ("Weights in memory") for an array of rows x lanes. Throws Error for a value outside
// `bits` or a block whose values do not fill its shape.
std::vector<std::uint8_t> pack_weights(const WeightBlock& block, int bits, int rows, int lanes);
std::size_t packed_weight_bytes(const WeightBlock& block, int bits, int rows, int lanes);

// Bytes of the weight words of a tile, each read once.
std::size_t weight_word_bytes(const MatrixTile& tile, int rows, int lanes);

// What the words hold: per output channel `stride` values, in the order of the dot product (window row, window column,
// channel); what lies beyond the dot product is left as it is.
void unpack_weights(const MatrixTile& tile, int rows, int lanes, std::span<const std::uint8_t> words,
                    std::span<std::int16_t> values, std::size_t stride);

}  // namespace lutra::accelerators::mac
