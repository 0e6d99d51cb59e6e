#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "software/network/quantized_network.h"

namespace lutra::network {

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

std::string encoding_name(const WeightEncoding& encoding);  // "4-bit integers", "ternary", "2 planes", ...

// Throws Error saying which parameter is out of its range.
void check_encoding(const WeightEncoding& encoding, int output_channels);

// The shape an operation gives its outputs. The operation's input edge exists; a window that does not fit yields an
// extent below one.
Shape output_shape(const QuantizedNetwork& network, const Operation& operation);

}  // namespace lutra::network
