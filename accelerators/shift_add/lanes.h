#pragma once

#include <cstdint>
#include <vector>

#include "accelerators/array/patches.h"

namespace lutra::accelerators::shift_add {

// What lanes do with the elements of dot products, a row per digit or plane of an output channel: nothing, or shift
// left by `exponent` (0..7) and add or subtract.
class Lanes {
 public:
  Lanes(std::size_t outputs, std::size_t rows, std::size_t stride)
      : rows_(rows),
        stride_(stride),
        keep_(outputs * rows * stride),
        minus_(keep_.size()),
        shift_(keep_.size()),
        kept_(keep_.size() / lane_stride_multiple) {}

  void set(std::size_t output, std::size_t row, std::size_t element, bool negative, int exponent) {
    const std::size_t place = (output * rows_ + row) * stride_ + element;
    keep_[place] = -1;
    minus_[place] = negative ? -1 : 0;
    shift_[place] = static_cast<std::int8_t>(exponent);
    shifts_ = shifts_ || exponent != 0;
    kept_[place / lane_stride_multiple] |= std::uint64_t{1} << place % lane_stride_multiple;
  }

  // sums[(window * batch.outputs + output) * rows + row], modulo 2^32, of the batch's windows, whose activations have
  // so many bits; each has `stride` elements, and there are array::patches_at_once of them however few count.
  void sum(const array::PatchBatch& batch, int activation_bits, std::vector<std::uint32_t>& sums) const;

  // Pairs of an element that is not zero and a lane that takes it, over the batch's windows and outputs.
  std::uint64_t count_pairs(const array::PatchBatch& batch) const;

  static constexpr std::size_t lane_stride_multiple = 64;

 private:
  std::size_t rows_;                       // per output channel
  std::size_t stride_;                     // elements per row, a multiple of lane_stride_multiple
  std::vector<std::int8_t> keep_, minus_;  // 0 or -1
  std::vector<std::int8_t> shift_;
  bool shifts_ = false;              // any exponent is not 0
  std::vector<std::uint64_t> kept_;  // keep_, a bit each
};

}  // namespace lutra::accelerators::shift_add
