#pragma once

#include <cstdint>
#include <vector>

#include "accelerators/array/patches.h"
#include "accelerators/ternary/tile_words.h"

namespace lutra::accelerators::ternary {

// Lanes that add, subtract or leave out an activation, for all output channels of a tile.
class GatedDatapath {
 public:
  explicit GatedDatapath(const TileWords& words);

  std::size_t stride() const { return stride_; }  // of a batch's windows
  void run(const array::PatchBatch& batch) const;

  std::uint64_t open_gates() const { return open_gates_; }  // of all codes of the tile

 private:
  std::size_t stride_ = 0;
  std::size_t planes_ = 1;
  std::vector<std::int16_t> gates_;  // [output channel][plane][stride]: all ones where the code is not zero
  std::vector<std::int16_t> signs_;  // all ones where it is negative
  std::vector<std::uint8_t> shifts_;
  std::uint64_t open_gates_ = 0;
};

}  // namespace lutra::accelerators::ternary
