#include "software/network/encoding.h"
#include "software/quantization/weight_schemes.h"

namespace lutra::quantization {

// A sign and an index: 0 for nothing, the others for exponents from 0 on.
WeightScheme power_of_two() {
  return {"power_of_two",
          "zero or plus or minus one power of two per weight (INQ, DeepShift)",
          {2, 4},
          {},
          [](const LayerProblem& layer, int bits, const Parameters&) {
            network::PowerOfTwoWeights encoding{{{}}};
            for (int exponent = 0; exponent < (1 << (bits - 1)) - 1; ++exponent)
              encoding.terms.front().push_back(exponent);
            const std::vector<int> values = network::weight_values(encoding, 0);
            return EncodedLayer{std::move(encoding), fit_layer(layer, {values}).filters};
          }};
}

}  // namespace lutra::quantization
