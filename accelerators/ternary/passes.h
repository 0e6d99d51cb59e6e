#pragma once

#include <vector>

namespace lutra::accelerators::ternary {

// One sweep over the words of a dot product. Planes are numbered from the top one.
struct Pass {
  int weight_plane = 0;
  int activation_plane = 0;
  bool doubles = false;  // the sums double before its first word adds to them
};

// Every pair of planes once, pairs of equal weight together, the heaviest first, so that doubling the sum between
// groups gives each pair its power of two (Horner).
std::vector<Pass> passes(int weight_planes, int activation_planes);

}  // namespace lutra::accelerators::ternary
