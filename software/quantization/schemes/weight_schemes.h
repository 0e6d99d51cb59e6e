#pragma once

#include "software/quantization/schemes/fitted_scheme.h"

namespace lutra::quantization {

// The schemes for weights, each in a file of its own, scheme_<name>.cpp.
WeightScheme twn();
WeightScheme bwn();
WeightScheme sttn();
WeightScheme stqn();
WeightScheme aptq();
WeightScheme apq();
WeightScheme power_of_two();
WeightScheme apot();
WeightScheme codebook();
WeightScheme bwa();

}  // namespace lutra::quantization
