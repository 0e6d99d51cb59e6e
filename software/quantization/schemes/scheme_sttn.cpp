#include "software/quantization/schemes/weight_schemes.h"

namespace lutra::quantization {

// alpha (sign(W1) + sign(W2)) is -2 alpha, 0 or 2 alpha: ternary, with a scale of 2 alpha.
WeightScheme sttn() {
  WeightScheme scheme = twn();
  scheme.name = "sttn";
  scheme.summary = "two sign planes with one alpha per filter, deployed as ternary weights (STTN)";
  return scheme;
}

}  // namespace lutra::quantization
