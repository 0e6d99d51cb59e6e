#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "software/quantization/activations.h"
#include "software/quantization/calibration.h"
#include "software/quantization/calibration_run.h"
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
  // What the layer reads in the quantised network as lowered so far, and what it should yield before its activation and
  // after the addition; runs the calibration images.
  std::function<std::vector<GroupMoments>()> moments;
};

struct LayerWeights {
  network::Weights weights;
  std::vector<double> bias;  // real, one per output channel, for an input whose zero is the real zero
};

using WeightQuantizer = std::function<LayerWeights(const WeightRequest&)>;

// Behind a tensor's name in that of the edge that holds its 16-bit stream.
inline constexpr const char* stream_suffix = ".stream";

// What every scheme with uniform activations shares: fuses the graph's nodes, encodes its tensors by the calibrated
// ranges, and yields the operations. `statistics` has one entry per tensor of `graph`, of the same images. Tensors in
// `given` have exactly that encoding instead of a calibrated one; where there are any, streams are as fine as their
// peaks let them be. Throws Error naming the node for what cannot be lowered; the result is valid.
network::QuantizedNetwork lower(const network::Graph& graph, const network::Normalisation& normalisation,
                                const network::Dataset& calibration, const std::vector<TensorStatistics>& statistics,
                                const Options& options, const WeightQuantizer& quantize_weights,
                                const std::map<network::TensorId, CodeChoice>& given = {});

}  // namespace lutra::quantization
