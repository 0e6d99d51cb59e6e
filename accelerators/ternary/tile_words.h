#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "accelerators/family/tile.h"
#include "accelerators/ternary/format.h"

namespace lutra::accelerators::ternary {

// How an array reads its weights (README.md, "Weights in memory"): per row block a header, then its planes.
struct Layout {
  int rows = 1;
  int lanes = 1;
  bool bitmaps = false;  // the header tells which words hold a non-zero weight
};

// Bits of a bitmap that are looked at in a cycle: a stretch of as many empty words costs a cycle, not none.
inline constexpr int scan_bits = 32;

// One row block of a tile.
struct BlockWords {
  int rows = 0;
  std::uint64_t words = 0;  // of a plane
  std::uint64_t word_bytes = 0;
  std::uint64_t shift_bytes = 0;  // the header: output shifts, then the bitmap
  std::uint64_t bitmap_bytes = 0;
  std::uint64_t sweep = 0;     // cycles in which the array takes a plane, without its passes over other planes
  std::uint64_t occupied = 0;  // words read
  std::uint64_t elements = 0;  // of a dot product that lie in them
};

// Cycles in which a header goes to the array: shifts by the weight port, the bitmap a window at a time.
std::uint64_t header_cycles(const BlockWords& block, const Layout& layout);

// Bytes the array can take of the weight buffer in a cycle.
int port_bytes(const Layout& layout);

// The row blocks of a tile whose words are all occupied.
std::vector<BlockWords> full_blocks(const MatrixTile& tile, const Layout& layout);

// Those of a tile with as few occupied words as bitmaps can leave out; without bitmaps the same.
std::vector<BlockWords> sparsest_blocks(const MatrixTile& tile, const Layout& layout);

std::size_t tile_bytes(const MatrixTile& tile, const Layout& layout);
std::size_t block_bytes(const WeightBlock& block, const WeightShape& shape, const Layout& layout);

// `block` with its values as codes (weight_code); shifts: one per output channel where the form has them.
std::vector<std::uint8_t> pack(const WeightBlock& block, const WeightShape& shape, const Layout& layout,
                               std::span<const std::uint8_t> codes, std::span<const std::uint8_t> shifts);

// What the words of a tile hold, as the lanes see it: codes of a non-zero bit and a sign in every plane, zero in words
// that the array does not read.
struct TileWords {
  int planes = 1;
  std::size_t stride = 0;
  std::vector<std::uint8_t> codes;   // [output channel][plane, top one first][stride]
  std::vector<std::uint8_t> shifts;  // per output channel
  std::vector<BlockWords> blocks;
};

TileWords unpack(const MatrixTile& tile, const Layout& layout, std::span<const std::uint8_t> bytes);

}  // namespace lutra::accelerators::ternary
