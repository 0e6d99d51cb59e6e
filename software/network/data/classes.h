#pragma once

#include <string>

#include "software/network/data/dataset.h"

namespace lutra::network {

// Throws Error naming network, shape and data set where a data set has classes and the network's output is not one
// number for each of its classes: as many channels, one row and one column; or a label is none of the network's
// classes.
void require_classes(const std::string& network, const Shape& output, const Dataset& data);

}  // namespace lutra::network
