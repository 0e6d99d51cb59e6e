#include "software/quantization/trained/saturated.h"

#include "software/network/encoding/encoding.h"

namespace lutra::quantization {

namespace {

network::Clip reach(const CodeChoice& choice) {
  const network::ValueRange range = network::value_range(choice.encoding);
  const int zero = network::value_of(choice.encoding, choice.encoding.pad_code);
  return {static_cast<float>((range.lowest - zero) * choice.unit),
          static_cast<float>((range.highest - zero) * choice.unit)};
}

}  // namespace

network::Graph saturated(const network::Graph& graph, const std::map<network::TensorId, CodeChoice>& codes,
                         const std::set<std::pair<std::size_t, std::size_t>>& streams) {
  network::Graph result = graph;
  result.nodes.clear();
  std::map<network::TensorId, network::TensorId> clipped;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    network::Node node = graph.nodes[i];
    for (std::size_t input = 0; input < node.inputs.size(); ++input) {
      const auto found = clipped.find(node.inputs[input]);
      if (found != clipped.end() && streams.count({i, input}) == 0) node.inputs[input] = found->second;
    }
    const network::TensorId output = node.output;
    result.nodes.push_back(std::move(node));
    const auto choice = codes.find(output);
    if (choice == codes.end()) continue;
    network::Tensor tensor = graph.tensors[static_cast<std::size_t>(output)];
    tensor.name += ".clipped";
    clipped[output] = static_cast<network::TensorId>(result.tensors.size());
    result.nodes.push_back({tensor.name, reach(choice->second), {output}, clipped[output]});
    result.tensors.push_back(std::move(tensor));
  }
  return result;
}

}  // namespace lutra::quantization
