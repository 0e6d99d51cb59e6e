#pragma once

#include "software/quantization/schemes/fitted_scheme.h"

namespace lutra::quantization {

// Planes whose coefficients are chosen per filter among those given: {planes, and per choice a coefficient per plane}.
struct PlaneChoices {
  std::vector<network::PlaneAlphabet> planes;
  std::vector<std::vector<std::int16_t>> coefficients;
};

// Every filter with the coefficients that suit it best. Precondition: each choice makes a valid encoding.
EncodedLayer encode_planes(const LayerProblem& layer, const PlaneChoices& choices);

// Sign planes with one choice of coefficients: 1, 2, 4, ..., or, to have zero among the values, 1, 1, 2, 4, ...
PlaneChoices doubling_signs(int planes, bool zero);

}  // namespace lutra::quantization
