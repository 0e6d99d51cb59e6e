#pragma once

#include <algorithm>
#include <cstdint>

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

// What storage_bits() can hold.
ValueRange weight_range(const WeightEncoding& encoding);

// The shape an operation gives its outputs. The operation's input edge exists; a window that does not fit yields an
// extent below one.
Shape output_shape(const QuantizedNetwork& network, const Operation& operation);

}  // namespace lutra::network
