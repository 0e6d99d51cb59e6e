#pragma once

#include "software/common/yaml.h"
#include "software/network/data/dataset.h"
#include "software/quantization/scheme.h"

namespace lutra::quantization {

// The section 'scheme' of a scenario or a training.
struct SchemeSection {
  Options options;
  network::Split calibration_split = network::Split::train;
};

SchemeSection read_scheme(const YamlReader& reader);

}  // namespace lutra::quantization
