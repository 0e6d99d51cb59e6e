#pragma once

#include <functional>
#include <string>
#include <vector>

#include "software/quantization/calibration.h"
#include "software/quantization/operands.h"
#include "software/quantization/scheme.h"

namespace lutra::quantization {

// A layer whose weights a scheme is to turn into integers.
struct WeightRequest {
  const std::string& layer;
  const MatrixOperands& operands;
  int bits;
  bool first_or_last;                      // Options::first_last_bits holds for it
  const network::Edge& input;              // the codes that the weights multiply
  const std::vector<double>& input_means;  // of the float network's tensor there, as correct_bias takes them
};

struct LayerWeights {
  network::Weights weights;
  std::vector<double> bias;  // real, one per output channel
};

using WeightQuantizer = std::function<LayerWeights(const WeightRequest&)>;

// What every scheme with uniform activations shares: fuses the graph's nodes, encodes its tensors by the calibrated
// ranges, and yields the operations. `statistics` has one entry per tensor of `graph`. Throws Error naming the node for
// what cannot be lowered; the result is valid.
network::QuantizedNetwork lower(const network::Graph& graph, const network::Normalisation& normalisation,
                                const std::vector<TensorStatistics>& statistics, const Options& options,
                                const WeightQuantizer& quantize_weights);

}  // namespace lutra::quantization
