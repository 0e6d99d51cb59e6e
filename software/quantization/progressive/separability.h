#pragma once

#include <vector>

#include "software/network/data/dataset.h"
#include "software/network/float/graph.h"

namespace lutra::quantization {

// How well a tensor of the float network tells the classes apart: on its globally average-pooled features f of the
// first `images` images, with class means mu_c and mean mu,
//   J = sum over classes of n_c * |mu_c - mu|^2 / sum over images of |f - mu_c|^2
// One value per entry of `tensors`. (The published heuristic, Chu et al., Pattern Recognition 111, 2021, rests on the
// separability of features; this form of it is ours.) Deterministic for any number of threads. Throws Error when the
// data set has fewer images or no labels.
std::vector<double> separability(const network::Graph& graph, const network::Normalisation& normalisation,
                                 const network::Dataset& data, int images,
                                 const std::vector<network::TensorId>& tensors);

}  // namespace lutra::quantization
