#include "software/network/encoding/encoding.h"
#include "software/quantization/lowering/encodings.h"
#include "software/quantization/schemes/sign_planes.h"
#include "software/quantization/schemes/weight_schemes.h"

namespace lutra::quantization {

namespace {

EncodedLayer unit_signs(const LayerProblem& layer, int bits) {
  const network::WeightEncoding encoding = unit_sign_encoding(bits);
  std::vector<int> values = network::weight_values(encoding, 0);
  if (bits > 2) values.erase(values.begin());
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
