#pragma once

#include <string>

#include "software/network/data/dataset.h"

namespace lutra::network {

// Throws Error naming network, shape and data set where a network's output is not one number for each of the data set's
// classes: as many channels, one row and one column.
void require_classes(const std::string& network, const Shape& output, const Dataset& data);

}  // namespace lutra::network
