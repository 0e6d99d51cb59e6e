#pragma once

#include <functional>
#include <string>
#include <vector>

#include "software/network/quantised/quantised_network.h"
#include "software/quantization/calibration/moments.h"
#include "software/quantization/lowering/operands.h"

namespace lutra::quantization {

// A layer whose weights a scheme is to turn into integers.
struct WeightRequest {
  const std::string& layer;
  const MatrixOperands& operands;
  int bits;
  bool first_or_last;                      // Options::first_last_bits holds for it
  const network::Edge& input;              // the codes that the weights multiply
  const std::vector<double>& input_means;  // of the float network's tensor there, as correct_bias takes them
  // What the layer reads in the quantised network as lowered so far, and what it should yield before its activation and
  // after the addition; runs the calibration images.
  std::function<std::vector<GroupMoments>()> moments;
};

struct LayerWeights {
  network::Weights weights;
  std::vector<double> bias;  // real, one per output channel, for an input whose zero is the real zero
};

using WeightQuantiser = std::function<LayerWeights(const WeightRequest&)>;

}  // namespace lutra::quantization
