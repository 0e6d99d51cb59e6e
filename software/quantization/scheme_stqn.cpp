#include "software/network/encoding.h"
#include "software/quantization/sign_planes.h"
#include "software/quantization/weight_schemes.h"

namespace lutra::quantization {

namespace {

// 2^bits - 2 unit signs add up to the even numbers from 2 - 2^bits to 2^bits - 2: halved, the integers of `bits`
// without the lowest.
EncodedLayer unit_signs(const LayerProblem& layer, int bits) {
  if (bits == 2) return {network::TernaryWeights{}, fit_layer(layer, {{-1, 0, 1}}).filters};
  const network::UniformWeights encoding{bits};
  std::vector<int> values = network::weight_values(encoding, 0);
  values.erase(values.begin());
  return {encoding, fit_layer(layer, {values}).filters};
}

}  // namespace

WeightScheme stqn() {
  return {"stqn",
          "sums of sign planes: 2^bits - 2 unit ones, or the compact 1, 1, 2, 4, ... (STQN)",
          {2, 7},
          {{"form", {"unit", "compact"}, "the coefficients of the planes: all 1, or 1, 1, 2, 4, ..."}},
          [](const LayerProblem& layer, int bits, const Parameters& parameters) {
            return parameters.at("form") == "unit" ? unit_signs(layer, bits)
                                                   : encode_planes(layer, doubling_signs(bits, true));
          }};
}

}  // namespace lutra::quantization
