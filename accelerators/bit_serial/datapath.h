#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "accelerators/array/patches.h"
#include "accelerators/bit_serial/planes.h"

namespace lutra::accelerators::bit_serial {

// The bits of a tile's weights, and what each plane counts.
struct PlaneOperands {
  Planes planes;
  std::size_t elements = 0;         // of a dot product
  std::vector<std::uint8_t> codes;  // [output][stride]
  std::size_t stride = 0;
  std::vector<std::int16_t> coefficients;  // [output][plane, then ones]
  std::vector<std::int16_t> levels;        // by an activation's code; empty: the code is the value
  int activation_bits = 8;
  bool activation_signed = false;
};

// Stride of the codes and of the patches a datapath reads.
inline constexpr std::size_t stride_multiple = 64;

// One plane of weights against whole activations: gated additions.
class WeightSerial {
 public:
  explicit WeightSerial(const PlaneOperands& operands);
  void operator()(const array::PatchBatch& batch);

 private:
  const PlaneOperands& operands_;
  std::vector<std::int16_t> masks_;  // [output][plane][stride]: 0 or all ones
  std::vector<std::int16_t> values_;
};

// One plane of weights against one plane of activations: population counts of their AND.
class PlanePairs {
 public:
  explicit PlanePairs(const PlaneOperands& operands);
  void operator()(const array::PatchBatch& batch);

 private:
  const PlaneOperands& operands_;
  std::vector<std::uint64_t> weights_;      // [output][plane][word]
  std::vector<std::uint64_t> activations_;  // [plane][word] of one window
  std::vector<std::int32_t> counts_of_activations_;
};

}  // namespace lutra::accelerators::bit_serial
