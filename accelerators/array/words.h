#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "accelerators/family/tile.h"

namespace lutra::accelerators::array {

// The weight words of README.md ("Words in memory") for an array of rows x lanes. A weight is a code of `bits` (1..8);
// with `planes_apart` bit p of every code lies in a word of its own, so that an array can read a plane per pass.
struct WordLayout {
  int rows = 1;
  int lanes = 1;
  int bits = 8;
  bool planes_apart = false;
};

// `codes` as WeightBlock::values orders them; what is above `bits` must be zero. Throws Error when they do not fill the
// block's shape.
std::vector<std::uint8_t> pack_words(const WeightBlock& block, const WordLayout& layout,
                                     std::span<const std::uint8_t> codes);
std::size_t words_bytes(const WeightBlock& block, const WordLayout& layout);
std::size_t words_bytes(const MatrixTile& tile, const WordLayout& layout);

// What the words hold: per output channel `stride` codes, in the order of the dot product (window row, window column,
// channel); what lies beyond the dot product is left as it is.
void unpack_words(const MatrixTile& tile, const WordLayout& layout, std::span<const std::uint8_t> words,
                  std::span<std::uint8_t> codes, std::size_t stride);

// Checks that a block's values fill its shape. Throws Error.
void check_block(const WeightBlock& block);

}  // namespace lutra::accelerators::array
