#pragma once

#include <vector>

#include "software/network/data/dataset.h"
#include "software/network/float/graph.h"
#include "software/quantization/calibration/histogram.h"

namespace lutra::quantization {

// What a tensor of the float network holds over the calibration images.
struct TensorStatistics {
  Histogram histogram;
  std::vector<double> channel_means;
};

// Runs the float network on the first `images` images; one entry per tensor of the graph. The memory needed does not
// grow with `images`; the result does not depend on the number of threads. Throws Error when the data set has fewer
// images or another shape than the network's input, and for a value that is not finite.
std::vector<TensorStatistics> calibrate(const network::Graph& graph, const network::Normalisation& normalisation,
                                        const network::Dataset& data, int images);

}  // namespace lutra::quantization
