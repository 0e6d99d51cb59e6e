#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "accelerators/family/tile.h"

namespace lutra::accelerators::array {

// A batch of windows against the output channels of one group: the work of a datapath.
struct PatchBatch {
  std::span<const std::int16_t> activations;  // [count][stride] codes in the order of the dot product, zeros beyond it
  std::size_t count = 0;
  std::size_t stride = 0;
  std::size_t first_output = 0;  // of the tile
  std::size_t outputs = 0;
  std::span<std::uint32_t> sums;  // [count][outputs], to be set, modulo 2^32
};

// Runs `datapath` over every window of the tile and adds its sums to `accumulators`, wrapped to `accumulator_bits`.
// Batches hold up to 16 windows; each activation of the tile is unpacked once. Returns the products whose activation's
// code is not zero.
std::uint64_t accumulate(const MatrixTile& tile, int accumulator_bits, std::size_t stride,
                         std::span<const std::uint8_t> activations, std::span<std::int32_t> accumulators,
                         const std::function<void(const PatchBatch&)>& datapath);

inline constexpr std::size_t patches_at_once = 16;

}  // namespace lutra::accelerators::array
