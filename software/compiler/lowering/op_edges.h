#pragma once

#include <algorithm>
#include <vector>

#include "software/compiler/lowering/lower.h"

namespace lutra::compiler {

// Who uses an edge in a table of operations.

inline std::ptrdiff_t readers_of(const std::vector<LoweredOp>& ops, network::EdgeId edge) {
  std::ptrdiff_t count = 0;
  for (const LoweredOp& op : ops) count += (op.input == edge) + (op.skip == edge);
  return count;
}

// The only operation that writes it; null where there are several, or none.
inline LoweredOp* sole_writer_of(std::vector<LoweredOp>& ops, network::EdgeId edge) {
  const auto writes = [&](const LoweredOp& op) { return op.codes == edge || op.stream == edge; };
  const auto first = std::find_if(ops.begin(), ops.end(), writes);
  return first == ops.end() || std::any_of(first + 1, ops.end(), writes) ? nullptr : &*first;
}

// Not a view of a part of a wider tensor.
inline bool is_whole(const lutra_tensor& tensor) {
  return tensor.address == 0 && tensor.pixel_bytes == packed_bytes(tensor.channels, tensor.bits);
}

inline void erase(std::vector<LoweredOp>& ops, std::size_t index) {
  ops.erase(ops.begin() + static_cast<std::ptrdiff_t>(index));
}

}  // namespace lutra::compiler
