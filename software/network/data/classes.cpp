#include "software/network/data/classes.h"

#include <fmt/format.h>

#include "software/common/error.h"

namespace lutra::network {

void require_classes(const std::string& network, const Shape& output, const Dataset& data) {
  if (output.channels == data.classes && output.height == 1 && output.width == 1) return;
  throw Error(fmt::format(
      "network '{}' ends in {} x {} x {} numbers (channels, rows, columns); data set '{}' has {} classes, and the "
      "accuracy needs one number for each. Give a network that ends so (a pool and a linear layer, as a rule), "
      "or the data set it was trained for.",
      network, output.channels, output.height, output.width, data.name, data.classes));
}

}  // namespace lutra::network
