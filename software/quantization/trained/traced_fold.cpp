#include "software/quantization/trained/traced_fold.h"

#include <string>

#include "software/network/float/fold.h"

namespace lutra::quantization {

TracedFold fold_and_trace(const network::Graph& graph) {
  network::Graph numbered = graph;
  for (std::size_t i = 0; i < numbered.tensors.size(); ++i) numbered.tensors[i].name = std::to_string(i);
  TracedFold result{network::remove_unused(network::fold_batch_normalization(numbered)), {}};
  for (network::Tensor& tensor : result.graph.tensors) {
    const int origin = std::stoi(tensor.name);
    result.origin.push_back(origin);
    tensor.name = graph.tensors[static_cast<std::size_t>(origin)].name;
  }
  return result;
}

}  // namespace lutra::quantization
