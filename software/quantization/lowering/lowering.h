#pragma once

#include <map>
#include <string>
#include <vector>

#include "software/quantization/calibration/calibration.h"
#include "software/quantization/calibration/calibration_run.h"
#include "software/quantization/lowering/activations.h"
#include "software/quantization/lowering/weight_request.h"
#include "software/quantization/scheme.h"

namespace lutra::quantization {

// Behind a tensor's name in that of the edge that holds its 16-bit stream.
inline constexpr const char* stream_suffix = ".stream";

// What every scheme with uniform activations shares: fuses the graph's nodes, encodes its tensors by the calibrated
// ranges, and yields the operations. `statistics` has one entry per tensor of `graph`, of the same images. Tensors in
// `given` have exactly that encoding instead of a calibrated one; where there are any, streams are as fine as their
// peaks let them be. Throws Error naming the node for what cannot be lowered; the result is valid.
network::QuantisedNetwork lower(const network::Graph& graph, const network::Normalisation& normalisation,
                                const network::Dataset& calibration, const std::vector<TensorStatistics>& statistics,
                                const Options& options, const WeightQuantiser& quantise_weights,
                                const std::map<network::TensorId, CodeChoice>& given = {});

}  // namespace lutra::quantization
