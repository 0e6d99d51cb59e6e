#include "accelerators/ternary/passes.h"

#include <algorithm>

namespace lutra::accelerators::ternary {

std::vector<Pass> passes(int weight_planes, int activation_planes) {
  std::vector<Pass> sequence;
  for (int depth = 0; depth < weight_planes + activation_planes - 1; ++depth) {
    const int first = std::max(0, depth - activation_planes + 1);
    const int last = std::min(depth, weight_planes - 1);
    for (int plane = first; plane <= last; ++plane)
      sequence.push_back({plane, depth - plane, depth > 0 && plane == first});
  }
  return sequence;
}

}  // namespace lutra::accelerators::ternary
