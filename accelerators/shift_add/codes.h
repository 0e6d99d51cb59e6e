#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "software/network/encoding/encoding.h"

namespace lutra::accelerators::shift_add {

// What one shifter takes of a weight: nothing, or (-1)^negative * 2^exponent.
struct Digit {
  bool present = false;
  bool negative = false;
  int exponent = 0;
};

// How variant power_of_two stores a weight and turns it into digits (README.md: packing). `format` of a tile command
// holds all of it but the width: bits 0 and 1 the kind, bits 2..8 and 9..15 the exponents 0..6 of the first and of the
// second term, a bit each.
class Codes {
 public:
  enum class Kind { integer, ternary, powers };

  // The encoding must be one that `refuses_encoding` lets pass.
  explicit Codes(const network::WeightEncoding& encoding);
  // Of a tile command that `refuses_format` lets pass.
  Codes(int format, int bits);

  static std::string refuses_encoding(const network::WeightEncoding& encoding);
  static std::string refuses_format(int format, int bits);

  int format() const;
  int bits() const { return bits_; }
  int digits() const;      // of every weight, present or not
  int value_bits() const;  // two's-complement bits that hold every weight value
  Digit digit(unsigned code, int index) const;
  int value(unsigned code) const;
  // The lowest code of each value there is.
  std::map<int, std::uint8_t> codes_of_values() const;

 private:
  int index_bits(std::size_t term) const;

  Kind kind_ = Kind::integer;
  int bits_ = 8;
  std::vector<std::vector<int>> exponents_;  // of each term, ascending
};

}  // namespace lutra::accelerators::shift_add
