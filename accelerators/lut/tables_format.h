#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "accelerators/family/tile.h"
#include "accelerators/lut/tables_knobs.h"
#include "software/network/encoding/encoding.h"

namespace lutra::accelerators::lut {

inline constexpr int largest_level_bits = 4;  // of an activation code with a level

// What a tile's weight format says about its planes.
struct TablesFormat {
  bool levels = false;        // a level table in front: 2^activation_bits bytes
  bool coefficients = false;  // then terms per output channel; else the planes are a two's-complement integer's
  bool offset = false;        // the last term belongs to the sum of all activations

  static constexpr int count = 8;
  static TablesFormat of(int format) { return {(format & 1) != 0, (format & 2) != 0, (format & 4) != 0}; }
  int number() const { return (levels ? 1 : 0) | (coefficients ? 2 : 0) | (offset ? 4 : 0); }

  // Sums per output that meet a coefficient.
  int terms(int planes) const { return coefficients ? planes + (offset ? 1 : 0) : 0; }
};

// The terms of one output channel: what the sum of each plane's table reads, and last the sum of all activations, count
// in the output; twice that with half tables, whose sums are of +-x. Exact integers.
std::vector<int> plane_terms(const network::PlaneWeights& weights, int output_channel, bool half);

// Whether any channel's last term differs from zero.
bool needs_offset(const network::PlaneWeights& weights, bool half);

// A term in memory: two bytes, two's complement; or for a shifter one byte, 0 for nothing, else the exponent plus one
// with bit 7 for a negative term. Throws Error for a term the byte cannot express.
void append_term(int term, Combination combination, std::vector<std::uint8_t>& bytes);
int read_term(const std::uint8_t* bytes, Combination combination);
bool is_signed_power_of_two(int term);  // or zero

// The code of each weight, `bits` of them in the order of passes: bit 0 goes first. Throws Error for a value that the
// encoding cannot express.
std::vector<std::uint8_t> integer_codes(const WeightBlock& block, int bits);  // the top bit first
std::vector<std::uint8_t> plane_codes(const WeightBlock& block, const network::PlaneWeights& weights);

}  // namespace lutra::accelerators::lut
