#include "software/network/encoding/encoding.h"

#include <algorithm>

namespace lutra::network {

ValueRange value_range(const ActivationEncoding& encoding) {
  if (encoding.levels.empty()) return {encoding.lowest(), encoding.highest()};
  const auto [lowest, highest] = std::minmax_element(encoding.levels.begin(), encoding.levels.end());
  return {*lowest, *highest};
}

}  // namespace lutra::network
