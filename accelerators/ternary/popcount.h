#pragma once

#include <cstdint>
#include <vector>

#include "accelerators/array/patches.h"
#include "accelerators/ternary/passes.h"
#include "accelerators/ternary/tile_words.h"

namespace lutra::accelerators::ternary {

// How a column's activations are planes of a non-zero bit and a sign.
struct ActivationPlanes {
  int bits = 2;
  bool is_signed = false;
  bool ternary = false;  // codes of a non-zero bit and a sign: a single plane

  int count() const { return ternary ? 1 : bits; }
};

// Lanes that compare bits, and two counters of them: dot = pop(m) - 2 pop(m & (sign of w ^ sign of x)), m = both not
// zero.
class PopcountDatapath {
 public:
  PopcountDatapath(const TileWords& words, const ActivationPlanes& activations);

  std::size_t stride() const { return words_ * 64; }  // of a batch's windows
  void run(const array::PatchBatch& batch);

  const std::vector<Pass>& passes() const { return passes_; }
  std::uint64_t matches() const { return matches_; }  // lanes with both bits not zero, over all batches

 private:
  void pack(const std::int16_t* window);

  ActivationPlanes activations_;
  std::size_t words_ = 0;  // of 64 elements, per dot product
  std::size_t planes_ = 1;
  std::vector<Pass> passes_;
  std::vector<std::uint64_t> weights_;  // [output channel][plane][not zero, negative][word]
  std::vector<std::uint64_t> window_;   // [plane][not zero, negative][word]
  std::vector<std::uint8_t> shifts_;
  std::uint64_t matches_ = 0;
};

}  // namespace lutra::accelerators::ternary
