#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "accelerators/family/tile.h"
#include "software/network/encoding/encoding.h"

namespace lutra::accelerators::bit_serial {

// How a tile's operands are made of bits, as far as its weight format and widths tell.
struct Planes {
  int weight_planes = 1;  // stored
  bool coefficients =
      false;            // per output channel and plane, in the table; else plane k counts 2^k, the top one negative
  bool ones = false;    // one plane more, all ones, not stored
  bool levels = false;  // activation values come from the table

  int passes_of_weights() const { return weight_planes + (ones ? 1 : 0); }
};

Planes planes_of(const MatrixTile& tile);
int format_of(const Planes& planes);
inline constexpr int format_count = 8;

// Every encoding in planes of the alphabet {0, 1}: uniform integers as they are, planes with their coefficients, others
// as integers of the bits that hold their values.
Planes planes_of(const network::WeightEncoding& encoding, const network::ActivationEncoding& activation);

// Bit k is plane k.
std::vector<std::uint8_t> plane_codes(const WeightBlock& block, const network::WeightEncoding& encoding);

// Of one output channel: what each plane, and last the plane of ones, counts. 16 bits, two's complement.
std::vector<std::int16_t> plane_coefficients(const network::PlaneWeights& encoding, int output_channel);

// Empty where levels[c] is the sum of levels[1 << k] over the bits of c, which plane-by-plane arithmetic needs.
std::string refuses_levels(const network::ActivationEncoding& activation);

}  // namespace lutra::accelerators::bit_serial
