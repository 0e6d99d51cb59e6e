#include "software/network/float/fold.h"

#include <cmath>

#include "software/network/float/graph_readers.h"

namespace lutra::network {

namespace {

std::size_t index_of(TensorId id) { return static_cast<std::size_t>(id); }

// y = factor * x + offset, per channel.
struct Affine {
  std::vector<double> factor;
  std::vector<double> offset;
};

Affine affine_of(const BatchNormalization& normalization) {
  Affine affine;
  for (std::size_t channel = 0; channel < normalization.scale.size(); ++channel) {
    const double deviation = std::sqrt(double{normalization.variance[channel]} + double{normalization.epsilon});
    const double factor = normalization.scale[channel] / deviation;
    affine.factor.push_back(factor);
    affine.offset.push_back(normalization.bias[channel] - factor * normalization.mean[channel]);
  }
  return affine;
}

void fold_into_layer(std::vector<float>& weights, std::vector<float>& bias, const Affine& affine) {
  const std::size_t outputs = affine.factor.size();
  const std::size_t per_output = weights.size() / outputs;
  bias.resize(outputs);
  for (std::size_t output = 0; output < outputs; ++output) {
    for (std::size_t i = output * per_output; i < (output + 1) * per_output; ++i)
      weights[i] = static_cast<float>(affine.factor[output] * weights[i]);
    bias[output] = static_cast<float>(affine.factor[output] * bias[output] + affine.offset[output]);
  }
}

// The second normalisation of the first one's result, as one.
BatchNormalization chained(const BatchNormalization& first, const Affine& second) {
  const Affine inner = affine_of(first);
  BatchNormalization result;
  result.epsilon = 0;
  for (std::size_t channel = 0; channel < inner.factor.size(); ++channel) {
    result.scale.push_back(static_cast<float>(second.factor[channel] * inner.factor[channel]));
    result.bias.push_back(static_cast<float>(second.factor[channel] * inner.offset[channel] + second.offset[channel]));
    result.mean.push_back(0);
    result.variance.push_back(1);
  }
  return result;
}

bool fold_into(Node& producer, const BatchNormalization& normalization) {
  const Affine affine = affine_of(normalization);
  if (auto* convolution = std::get_if<Convolution>(&producer.op)) {
    fold_into_layer(convolution->weights, convolution->bias, affine);
  } else if (auto* linear = std::get_if<Linear>(&producer.op)) {
    fold_into_layer(linear->weights, linear->bias, affine);
  } else if (auto* before = std::get_if<BatchNormalization>(&producer.op)) {
    *before = chained(*before, affine);
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::vector<int> count_readers(const Graph& graph) {
  std::vector<int> readers(graph.tensors.size());
  for (const Node& node : graph.nodes)
    for (const TensorId input : node.inputs) ++readers[index_of(input)];
  ++readers[index_of(graph.output)];
  return readers;
}

Graph fold_batch_normalization(const Graph& graph) {
  const std::vector<int> readers = count_readers(graph);
  Graph result = graph;
  result.nodes.clear();
  std::vector<int> producer(graph.tensors.size(), -1);  // index in result.nodes
  for (const Node& node : graph.nodes) {
    if (const auto* normalization = std::get_if<BatchNormalization>(&node.op)) {
      const TensorId input = node.inputs.front();
      const int before = producer[index_of(input)];
      if (before >= 0 && readers[index_of(input)] == 1) {
        Node& candidate = result.nodes[static_cast<std::size_t>(before)];
        if (fold_into(candidate, *normalization)) {
          candidate.output = node.output;
          producer[index_of(node.output)] = before;
          continue;
        }
      }
    }
    producer[index_of(node.output)] = static_cast<int>(result.nodes.size());
    result.nodes.push_back(node);
  }
  return remove_unused(std::move(result));
}

Graph remove_unused(Graph graph) {
  std::vector<bool> used(graph.tensors.size());
  used[index_of(graph.input)] = true;
  used[index_of(graph.output)] = true;
  for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node)
    if (used[index_of(node->output)])
      for (const TensorId input : node->inputs) used[index_of(input)] = true;

  std::vector<TensorId> renamed(graph.tensors.size(), -1);
  std::vector<Tensor> tensors;
  for (std::size_t id = 0; id < graph.tensors.size(); ++id)
    if (used[id]) {
      renamed[id] = static_cast<TensorId>(tensors.size());
      tensors.push_back(std::move(graph.tensors[id]));
    }
  std::erase_if(graph.nodes, [&](const Node& node) { return !used[index_of(node.output)]; });
  for (Node& node : graph.nodes) {
    for (TensorId& input : node.inputs) input = renamed[index_of(input)];
    node.output = renamed[index_of(node.output)];
  }
  graph.tensors = std::move(tensors);
  graph.input = renamed[index_of(graph.input)];
  graph.output = renamed[index_of(graph.output)];
  return graph;
}

}  // namespace lutra::network
