#include "software/network/encoding.h"
#include "software/quantization/weight_schemes.h"

namespace lutra::quantization {

namespace {

// Magnitudes: of 3 bits 0, 1, 2, 4; of 4 bits 0, 1, 2, 3, 4, 6, 8, 10; of 5 bits sums of {0, 2, 8, 32} and {0, 1, 4,
// 16}.
network::PowerOfTwoWeights encoding_of(int bits) {
  if (bits == 3) return {{{0, 1, 2}}};
  if (bits == 4) return {{{0, 2, 3}, {1}}};
  return {{{1, 3, 5}, {0, 2, 4}}};
}

}  // namespace

WeightScheme apot() {
  return {"apot",
          "sums of two powers of two (APoT)",
          {3, 5},
          {},
          [](const LayerProblem& layer, int bits, const Parameters&) {
            const network::PowerOfTwoWeights encoding = encoding_of(bits);
            return EncodedLayer{encoding, fit_layer(layer, {network::weight_values(encoding, 0)}).filters};
          }};
}

}  // namespace lutra::quantization
