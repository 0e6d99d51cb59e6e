#include "software/quantization/schemes/weight_schemes.h"

namespace lutra::quantization {

WeightScheme bwn() {
  return {"bwn",
          "binary weights -1, 1 with a scale per filter (BWN)",
          {1, 1},
          {},
          [](const LayerProblem& layer, int, const Parameters&) { return encode_signs(layer); }};
}

}  // namespace lutra::quantization
