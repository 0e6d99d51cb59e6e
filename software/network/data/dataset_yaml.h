#pragma once

#include <string>

#include "software/common/yaml.h"
#include "software/network/data/dataset.h"

namespace lutra::network {

// A name load_dataset knows, or one of the others.
std::string read_dataset_name(const YamlReader& reader, const std::vector<std::string>& others = {});

// The keys range, mean and deviation.
Normalisation read_normalisation(const YamlReader& reader);

}  // namespace lutra::network
