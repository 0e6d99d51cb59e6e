#include <algorithm>

#include "software/network/float/fold.h"
#include "software/network/float/graph_readers.h"
#include "software/network/limits.h"

namespace lutra::network {

namespace {

Slice composed(const Slice& first, const Slice& second) {
  Slice result;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const int last =
        (second.end[axis] - second.start[axis] - 1) / second.step[axis] * second.step[axis] + second.start[axis];
    result.start[axis] = first.start[axis] + second.start[axis] * first.step[axis];
    result.end[axis] = first.start[axis] + last * first.step[axis] + 1;
    result.step[axis] =
        static_cast<int>(std::min<std::int64_t>(max_dimension, std::int64_t{first.step[axis]} * second.step[axis]));
  }
  return result;
}

}  // namespace

Graph fold_slices(const Graph& graph) {
  const std::vector<int> readers = count_readers(graph);
  Graph result = graph;
  std::vector<const Node*> producer(graph.tensors.size(), nullptr);
  for (Node& node : result.nodes) {
    producer[static_cast<std::size_t>(node.output)] = &node;
    auto* slice = std::get_if<Slice>(&node.op);
    if (!slice) continue;
    const auto input = static_cast<std::size_t>(node.inputs.front());
    const auto* before = producer[input] ? std::get_if<Slice>(&producer[input]->op) : nullptr;
    if (!before || readers[input] != 1) continue;
    *slice = composed(*before, *slice);
    node.inputs.front() = producer[input]->inputs.front();
  }
  return remove_unused(std::move(result));
}

}  // namespace lutra::network
