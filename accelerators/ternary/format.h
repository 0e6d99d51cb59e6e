#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "accelerators/family/tile.h"
#include "software/network/encoding/encoding.h"

namespace lutra::accelerators::ternary {

// What a tile's weight words hold.
enum class WeightForm {
  ternary = 0,  // a bit for "not zero" and a sign
  planes = 1,   // two's complement, a plane of one bit per weight after the other, the top one first
  shifted = 2   // as ternary, with a left shift per output in front of the words
};

inline constexpr int code_bits = 2;
inline constexpr int largest_shift = 7;

// MatrixTile::weight_format = form + 4 where the activations' codes are a non-zero bit and a sign too.
struct Format {
  WeightForm form = WeightForm::ternary;
  bool ternary_activations = false;

  int number() const { return static_cast<int>(form) + (ternary_activations ? 4 : 0); }
  static std::optional<Format> of(int number);
};

// The planes in which words hold a weight of `bits`, and the bits of a code in each.
int weight_planes(WeightForm form, int bits);
int plane_code_bits(WeightForm form);

struct WeightShape {
  WeightForm form = WeightForm::ternary;
  int bits = code_bits;  // MatrixTile::weight_bits
};

// Why weights of this encoding have no form here; empty when they have. `widest`: two's-complement bits taken.
std::string refuses_weights(const network::WeightEncoding& encoding, int widest);
// Of an encoding that is not refused.
WeightShape weight_shape(const network::WeightEncoding& encoding);

// s where every weight of this output channel is -2^s, 0 or 2^s.
std::optional<int> output_shift(const network::WeightEncoding& encoding, int output_channel);

// A weight's code: two's complement of `bits`, after division by 2^shift. Throws Error for a value that has none.
std::uint8_t weight_code(int value, int bits, int shift);

}  // namespace lutra::accelerators::ternary
