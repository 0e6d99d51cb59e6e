#include "software/quantization/schemes/sign_planes.h"
#include "software/quantization/schemes/weight_schemes.h"

namespace lutra::quantization {

WeightScheme apq() {
  return {"apq",
          "sign planes with powers of two, one per bit (APQ)",
          {2, 7},
          {{"zero",
            {"true", "false"},
            "true: coefficients 1, 1, 2, 4, ..., with zero among the values; false: 1, 2, 4, ..."}},
          [](const LayerProblem& layer, int bits, const Parameters& parameters) {
            return encode_planes(layer, doubling_signs(bits, parameters.at("zero") == "true"));
          }};
}

}  // namespace lutra::quantization
