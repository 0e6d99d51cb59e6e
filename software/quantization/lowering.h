#pragma once

#include <functional>
#include <vector>

#include "software/quantization/calibration.h"
#include "software/quantization/scheme.h"

namespace lutra::quantization {

// How a scheme turns a layer's weights ([output channel][...]) into integers and scales.
using WeightQuantizer =
    std::function<network::Weights(const std::vector<double>& weights, int output_channels, int bits)>;

// What every scheme with uniform activations shares: fuses the graph's nodes, encodes its tensors by the calibrated
// ranges, and yields the operations. `statistics` has one entry per tensor of `graph`. Throws Error naming the node for
// what cannot be lowered; the result is valid.
network::QuantizedNetwork lower(const network::Graph& graph, const network::Normalisation& normalisation,
                                const std::vector<TensorStatistics>& statistics, const Options& options,
                                const WeightQuantizer& quantize_weights);

}  // namespace lutra::quantization
