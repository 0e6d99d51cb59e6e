#include "software/network/encoding/encoding.h"
#include "software/quantization/lowering/encodings.h"
#include "software/quantization/schemes/weight_schemes.h"

namespace lutra::quantization {

WeightScheme apot() {
  return {"apot",
          "sums of two powers of two (APoT)",
          {3, 5},
          {},
          [](const LayerProblem& layer, int bits, const Parameters&) {
            const network::PowerOfTwoWeights encoding = apot_encoding(bits);
            return EncodedLayer{encoding, fit_layer(layer, {network::weight_values(encoding, 0)}).filters};
          }};
}

}  // namespace lutra::quantization
