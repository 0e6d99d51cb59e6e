#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "accelerators/family/tile.h"
#include "software/network/encoding/encoding.h"

namespace lutra::accelerators::shift_add {

using network::PlaneAlphabet;

// What a lane does with an activation at a plane's bit.
struct Letter {
  bool present = false;
  bool negative = false;
};

Letter letter(PlaneAlphabet alphabet, bool bit);

// A plane's coefficient for one output channel: nothing, or a signed power of two of -2^7..2^6. Four bits: the
// exponent, then the sign; 2^7, which no weight has, stands for nothing.
struct Shift {
  bool present = false;
  bool negative = false;
  int exponent = 0;
};

inline constexpr int shift_code_bits = 4;
inline constexpr unsigned no_shift = 7;
inline constexpr int largest_exponent = 7;  // with a sign
Shift decode_shift(unsigned code);

// What variant sub_filters makes of an encoding: integers become planes of their bits, of which the top one subtracts,
// ternary weights become one plane of +1 and one of -1. `format` of a tile command holds two bits of alphabet per
// plane, its width their number.
class Planes {
 public:
  // The encoding must be one that `refuses_encoding` lets pass.
  explicit Planes(const network::WeightEncoding& encoding);
  // Of a tile command that `refuses_format` lets pass.
  Planes(int format, int count);

  static std::string refuses_encoding(const network::WeightEncoding& encoding);
  static std::string refuses_format(int format, int count);

  int count() const { return static_cast<int>(alphabets_.size()); }
  int format() const;
  PlaneAlphabet alphabet(int plane) const { return alphabets_[static_cast<std::size_t>(plane)]; }

 private:
  std::vector<PlaneAlphabet> alphabets_;
};

// The planes' bits and coefficients of a block's weights.
struct PlaneBlock {
  std::vector<std::uint8_t> codes;   // as WeightBlock::values, plane 0 lowest
  std::vector<std::uint8_t> shifts;  // [output channel of the block][plane], of shift_code_bits
};

// Throws Error naming a value that the planes cannot express, or a coefficient that is none of an output channel's.
PlaneBlock plane_block(const WeightBlock& block, const network::WeightEncoding& encoding);

}  // namespace lutra::accelerators::shift_add
