#include "software/quantization/sign_planes.h"

#include "software/network/encoding.h"

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
  PlaneChoices choices;
  std::vector<std::int16_t>& coefficients = choices.coefficients.emplace_back();
  for (int plane = 0; plane < planes; ++plane) {
    choices.planes.push_back(network::PlaneAlphabet::signs);
    coefficients.push_back(static_cast<std::int16_t>(1 << (zero && plane > 0 ? plane - 1 : plane)));
  }
  return choices;
}

}  // namespace lutra::quantization
