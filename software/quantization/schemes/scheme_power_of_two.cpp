#include "software/network/encoding/encoding.h"
#include "software/quantization/lowering/encodings.h"
#include "software/quantization/schemes/weight_schemes.h"

namespace lutra::quantization {

WeightScheme power_of_two() {
  return {"power_of_two",
          "zero or plus or minus one power of two per weight (INQ, DeepShift)",
          {2, 4},
          {},
          [](const LayerProblem& layer, int bits, const Parameters&) {
            network::PowerOfTwoWeights encoding = power_of_two_encoding(bits);
            const std::vector<int> values = network::weight_values(encoding, 0);
            return EncodedLayer{std::move(encoding), fit_layer(layer, {values}).filters};
          }};
}

}  // namespace lutra::quantization
