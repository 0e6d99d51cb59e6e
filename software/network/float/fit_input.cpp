#include "software/network/float/fit_input.h"

#include <algorithm>

namespace lutra::network {

Graph fit_input(Graph graph, const Shape& image) {
  Tensor& input = graph.tensors[static_cast<std::size_t>(graph.input)];
  const bool is_vector = input.shape.height == 1 && input.shape.width == 1;
  if (input.shape == image || !is_vector || input.shape.elements() != image.elements()) return graph;
  const auto vector = static_cast<TensorId>(graph.tensors.size());
  const Tensor flat{input.name + "_flat", input.shape};
  input.shape = image;
  graph.tensors.push_back(flat);
  for (Node& node : graph.nodes) std::replace(node.inputs.begin(), node.inputs.end(), graph.input, vector);
  if (graph.output == graph.input) graph.output = vector;
  graph.nodes.insert(graph.nodes.begin(), {flat.name, Flatten{}, {graph.input}, vector});
  return graph;
}

}  // namespace lutra::network
