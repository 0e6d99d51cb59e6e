#include <optional>

#include "software/common/error.h"
#include "software/network/float/fold.h"
#include "software/network/float/graph_readers.h"

namespace lutra::network {

namespace {

bool has_padding(const Window& window) {
  return window.pad_top != 0 || window.pad_left != 0 || window.pad_bottom != 0 || window.pad_right != 0;
}

void add_padding(Window& window, const Pad& pad) {
  window.pad_top += pad.before[1];
  window.pad_left += pad.before[2];
  window.pad_bottom += pad.after[1];
  window.pad_right += pad.after[2];
}

// The operator that does its own padding; nothing when it cannot.
std::optional<Operator> padded(Operator op, const Pad& pad) {
  if (pad.before[0] != 0 || pad.after[0] != 0) return std::nullopt;
  if (auto* convolution = std::get_if<Convolution>(&op)) {
    add_padding(convolution->window, pad);
    return op;
  }
  auto* pool = std::get_if<AveragePool>(&op);
  if (!pool || (has_padding(pool->window) && !pool->count_padding)) return std::nullopt;
  add_padding(pool->window, pad);
  pool->count_padding = true;
  return op;
}

// More padding than an operator may have: then the Pad stays.
bool is_possible(const Operator& op, const Shape& input, const Shape& output) {
  try {
    return infer_shape(op, {input}, "") == output;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

Graph fold_padding(const Graph& graph) {
  const std::vector<int> readers = count_readers(graph);
  const auto shape = [&](TensorId id) { return graph.tensors[static_cast<std::size_t>(id)].shape; };
  std::vector<const Node*> producer(graph.tensors.size(), nullptr);
  Graph result = graph;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    producer[static_cast<std::size_t>(node.output)] = &node;
    if (node.inputs.size() != 1) continue;
    const auto input = static_cast<std::size_t>(node.inputs.front());
    const Pad* pad = producer[input] ? std::get_if<Pad>(&producer[input]->op) : nullptr;
    if (!pad || readers[input] != 1) continue;
    const TensorId source = producer[input]->inputs.front();
    std::optional<Operator> op = padded(node.op, *pad);
    if (!op || !is_possible(*op, shape(source), shape(node.output))) continue;
    result.nodes[i].op = std::move(*op);
    result.nodes[i].inputs.front() = source;
  }
  return remove_unused(std::move(result));
}

}  // namespace lutra::network
