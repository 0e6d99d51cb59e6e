#pragma once

#include <map>
#include <string>

#include "software/network/data/dataset.h"
#include "software/network/float/graph.h"
#include "software/network/quantised/quantised_network.h"
#include "software/quantization/lowering/activations.h"
#include "software/quantization/scheme.h"

namespace lutra::quantization {

// What training with a scheme yields.
struct TrainedNetwork {
  network::Graph graph;  // float, batch normalisation not folded; weights as the forward pass uses them
  std::map<std::string, network::Weights> weights;  // by convolution or linear node: codes times scale = its weights
  std::map<network::TensorId, CodeChoice> activations;  // by tensor of `graph`
};

// The integer network that computes what was trained: its weights are the trained codes, its tensors have the trained
// encodings. What was left float in training takes plain integers of its width: weights by least squared error, tensors
// by their ranges over `calibration`. Throws Error naming the node and channel whose batch normalisation has a negative
// scale, for weights or encodings that are not those of the graph and the options, for RequantiseForm::shift, and for
// whatever lower() refuses.
network::QuantisedNetwork lower_trained(const TrainedNetwork& trained, const network::Normalisation& normalisation,
                                        const network::Dataset& calibration, const Options& options);

}  // namespace lutra::quantization
