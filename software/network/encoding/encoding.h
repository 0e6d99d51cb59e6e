#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace lutra::network {

struct ActivationEncoding {
  int bits = 8;             // 2..8, or 16 for a stream
  bool is_signed = false;   // two's complement
  std::vector<int> levels;  // value of each code (indexed by the code's bits); empty: the value is the code
  int pad_code = 0;         // what padding inserts
  bool is_ternary = false;  // two signed bits of which only the codes -1, 0 and 1 occur

  int lowest() const { return is_ternary ? -1 : is_signed ? -(1 << (bits - 1)) : 0; }
  int highest() const { return is_signed ? (1 << (bits - 1)) - 1 : (1 << bits) - 1; }
  bool operator==(const ActivationEncoding&) const = default;
};

// How weights are stored, which says what values they can take. Every value fits eight bits, two's complement, so that
// any network can be re-encoded for a conventional multiplier without loss.

// Two's-complement integers of `bits` (2..8).
struct UniformWeights {
  int bits = 8;
  bool operator==(const UniformWeights&) const = default;
};

// -1, 0, 1: a bit for "not zero" and a sign.
struct TernaryWeights {
  bool operator==(const TernaryWeights&) const = default;
};

// (-1)^sign * sum over terms of 2^e: a sign bit, and per term an index, 0 for nothing and i for exponents[i - 1]. One
// term is a plain power of two, two are the sums of APoT.
struct PowerOfTwoWeights {
  std::vector<std::vector<int>> terms;  // one or two, each with 1..15 ascending exponents of 0..7
  bool operator==(const PowerOfTwoWeights&) const = default;
};

// A plane's bit 0, 1 is -1, +1; or 0, +1; or 0, -1.
enum class PlaneAlphabet { signs, positive, negative };

// sum over planes of coefficient * letter: a bit per plane, coefficients per output channel.
struct PlaneWeights {
  std::vector<PlaneAlphabet> planes;       // 1..8
  std::vector<std::int16_t> coefficients;  // [output channel][plane], -128..127
  bool operator==(const PlaneWeights&) const = default;
};

// An index into one table.
struct CodebookWeights {
  int bits = 4;                     // 1..6
  std::vector<std::int16_t> table;  // 2^bits distinct values, ascending
  bool operator==(const CodebookWeights&) const = default;
};

using WeightEncoding = std::variant<UniformWeights, TernaryWeights, PowerOfTwoWeights, PlaneWeights, CodebookWeights>;

// What the codes of an edge stand for. `code` lies within [lowest(), highest()].
inline int value_of(const ActivationEncoding& encoding, int code) {
  if (encoding.levels.empty()) return code;
  return encoding.levels[static_cast<std::size_t>(code) & ((std::size_t{1} << encoding.bits) - 1)];
}

struct ValueRange {
  int lowest = 0;
  int highest = 0;

  std::int64_t magnitude() const { return std::max(-std::int64_t{lowest}, std::int64_t{highest}); }
};

ValueRange value_range(const ActivationEncoding& encoding);

// The values weights of an output channel can take: ascending, distinct.
std::vector<int> weight_values(const WeightEncoding& encoding, int output_channel);

// Over all output channels.
ValueRange weight_range(const WeightEncoding& encoding);

// The two's-complement bits that hold every weight value: what the weights take on a conventional multiplier.
int value_bits(const WeightEncoding& encoding);

int storage_bits(const WeightEncoding& encoding);         // per weight
std::int64_t table_bits(const WeightEncoding& encoding);  // of the coefficients or the table, 8 each

std::string encoding_name(const WeightEncoding& encoding);  // "4-bit integers", "ternary", "2 planes", ...

// Throws Error saying which parameter is out of its range.
void check_encoding(const WeightEncoding& encoding, int output_channels);

}  // namespace lutra::network
