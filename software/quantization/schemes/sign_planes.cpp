#include "software/quantization/schemes/sign_planes.h"

#include "software/network/encoding/encoding.h"
#include "software/quantization/lowering/encodings.h"

namespace lutra::quantization {

EncodedLayer encode_planes(const LayerProblem& layer, const PlaneChoices& choices) {
  std::vector<std::vector<int>> sets;
  for (const std::vector<std::int16_t>& coefficients : choices.coefficients)
    sets.push_back(network::weight_values(network::PlaneWeights{choices.planes, coefficients}, 0));
  LayerFit fit = fit_layer(layer, sets);
  network::PlaneWeights encoding{choices.planes, {}};
  for (const std::size_t chosen : fit.chosen)
    encoding.coefficients.insert(encoding.coefficients.end(), choices.coefficients[chosen].begin(),
                                 choices.coefficients[chosen].end());
  return {std::move(encoding), std::move(fit.filters)};
}

PlaneChoices doubling_signs(int planes, bool zero) {
  return {std::vector(static_cast<std::size_t>(planes), network::PlaneAlphabet::signs),
          {doubling_coefficients(planes, zero)}};
}

}  // namespace lutra::quantization
