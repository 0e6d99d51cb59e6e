#pragma once

#include <vector>

#include "software/network/data/dataset.h"
#include "software/network/data/own/examples.h"

namespace lutra::network {

// Throws Error naming file, index and value unless there is one whole number for each of the examples, from 0 to
// classes - 1 (to 65535 where `classes` is 0).
std::vector<Label> read_labels(const Array& labels, const Examples& examples, int classes);

}  // namespace lutra::network
