#include "software/quantization/schemes/weight_schemes.h"

namespace lutra::quantization {

WeightScheme twn() {
  return {"twn",
          "ternary weights -1, 0, 1 with a scale per filter (TWN)",
          {2, 2},
          {},
          [](const LayerProblem& layer, int, const Parameters&) {
            return EncodedLayer{network::TernaryWeights{}, fit_layer(layer, {{-1, 0, 1}}).filters};
          }};
}

}  // namespace lutra::quantization
