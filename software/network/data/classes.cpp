#include "software/network/data/classes.h"

#include <fmt/format.h>

#include "software/common/error.h"

namespace lutra::network {

void require_classes(const std::string& network, const Shape& output, const Dataset& data) {
  if (data.labels.empty() && data.classes == 0) return;
  const bool is_vector = output.height == 1 && output.width == 1;
  if (!is_vector || (data.classes != 0 && output.channels != data.classes))
    throw Error(fmt::format(
        "network '{}' ends in {} x {} x {} numbers (channels, rows, columns); data set '{}' has {}, and the "
        "accuracy needs one number for each. Give a network that ends so (a pool and a linear layer, as a rule), "
        "or the data set it was trained for.",
        network, output.channels, output.height, output.width, data.name,
        data.classes == 0 ? "labels" : fmt::format("{} classes", data.classes)));
  for (std::size_t i = 0; i < data.labels.size(); ++i)
    if (data.labels[i] >= output.channels)
      throw Error(fmt::format("data set '{}': image {} has the label {}; network '{}' tells {} classes apart, 0..{}",
                              data.name, i, data.labels[i], network, output.channels, output.channels - 1));
}

}  // namespace lutra::network
