#include "software/quantization/lowering/layers.h"

#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"

namespace lutra::quantization {

namespace {

using network::Graph;
using network::Node;
using network::TensorId;

template <typename... Ops>
bool is_any(const network::Operator& op) {
  return (std::holds_alternative<Ops>(op) || ...);
}

bool is_matrix_operator(const network::Operator& op) {
  return is_any<network::Convolution, network::Linear, network::BatchNormalization>(op);
}

bool takes_activation(const network::Operator& op) {
  return !is_any<network::Concat, network::Slice, network::Pad>(op);
}

// A Flatten is the tensor it flattens and a final Softmax the logits it takes: neither is computed.
class Aliases {
 public:
  explicit Aliases(const Graph& graph) : graph_(graph), source_(graph.tensors.size()), flattened_(source_.size()) {
    for (std::size_t tensor = 0; tensor < source_.size(); ++tensor) source_[tensor] = static_cast<TensorId>(tensor);
    for (const Node& node : graph.nodes) add(node);
    const auto output = static_cast<std::size_t>(graph.output);
    if (flattened_[output]) refuse_flatten("the network's output");
  }

  TensorId operator()(TensorId tensor) const { return source_[static_cast<std::size_t>(tensor)]; }
  static bool is_alias(const Node& node) { return is_any<network::Flatten, network::Softmax>(node.op); }

 private:
  void add(const Node& node) {
    const auto input = static_cast<std::size_t>(node.inputs[0]);
    const auto output = static_cast<std::size_t>(node.output);
    if (is_any<network::Softmax>(node.op)) {
      if (node.output != graph_.output)
        throw Error(
            fmt::format("Softmax node '{}' is not the last node; only a final Softmax can be dropped, no other "
                        "has an integer form",
                        node.name));
      const network::Shape& shape = graph_.tensors[input].shape;
      if (shape.height * shape.width != 1)
        throw Error(fmt::format("Softmax node '{}' yields {} pixels; only that of one vector can be dropped", node.name,
                                shape.height * shape.width));
      source_[output] = source_[input];
    } else if (is_any<network::Flatten>(node.op)) {
      const network::Shape& shape = graph_.tensors[input].shape;
      flattened_[output] = flattened_[input] || shape.height * shape.width > 1;
      source_[output] = source_[input];
    } else {
      check_readers_of_flattened(node);
      if (is_elementwise(node)) flattened_[output] = flattened_[input];
    }
  }

  static bool is_elementwise(const Node& node) {
    if (const auto* prelu = std::get_if<network::PRelu>(&node.op)) return prelu->slope.size() == 1;
    return is_any<network::Clip>(node.op);
  }

  void check_readers_of_flattened(const Node& node) const {
    if (is_any<network::Linear>(node.op) || is_elementwise(node)) return;
    for (const TensorId input : node.inputs)
      if (flattened_[static_cast<std::size_t>(input)])
        refuse_flatten(fmt::format("{} node '{}'", network::operator_name(node.op), node.name));
  }

  [[noreturn]] static void refuse_flatten(const std::string& reader) {
    throw Error(
        fmt::format("{} reads a Flatten of several pixels; only a linear layer, Relu, Clip or a PRelu of one "
                    "slope can",
                    reader));
  }

  const Graph& graph_;
  std::vector<TensorId> source_;
  std::vector<bool> flattened_;
};

class Fusion {
 public:
  explicit Fusion(const Graph& graph)
      : graph_(graph), alias_(graph), readers_(graph.tensors.size()), writer_(graph.tensors.size()) {
    output_ = alias_(graph.output);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      const Node& node = graph.nodes[i];
      if (Aliases::is_alias(node)) continue;
      writer_[static_cast<std::size_t>(node.output)] = &node;
      for (const TensorId input : node.inputs) ++readers_[static_cast<std::size_t>(alias_(input))];
    }
    ++readers_[static_cast<std::size_t>(output_)];
  }

  LayeredGraph run() {
    for (position_ = 0; position_ < graph_.nodes.size(); ++position_) {
      const Node& node = graph_.nodes[position_];
      if (Aliases::is_alias(node) || join(node)) continue;
      open(node);
    }
    std::stable_sort(layers_.begin(), layers_.end(),
                     [](const Layer& a, const Layer& b) { return a.position < b.position; });
    return {needed_layers(), output_};
  }

 private:
  // The layer that ends in `tensor` when the node at hand is its only reader.
  Layer* open_end(TensorId tensor) {
    if (readers_[static_cast<std::size_t>(tensor)] != 1) return nullptr;
    const auto found =
        std::find_if(layers_.begin(), layers_.end(), [&](const Layer& layer) { return layer.output == tensor; });
    return found == layers_.end() || found->clip || found->prelu ? nullptr : &*found;
  }

  bool join(const Node& node) {
    if (is_any<network::Add>(node.op)) return join_addition(node);
    if (!is_any<network::Clip, network::PRelu>(node.op)) return false;
    Layer* layer = open_end(alias_(node.inputs[0]));
    if (layer == nullptr || !takes_activation(layer->op)) return false;
    set_activation(node, *layer);
    extend(node, *layer);
    return true;
  }

  bool join_addition(const Node& node) {
    const TensorId a = alias_(node.inputs[0]);
    const TensorId b = alias_(node.inputs[1]);
    Layer* layer = nullptr;
    TensorId other = -1;
    for (const auto& [mine, theirs] : {std::pair{a, b}, std::pair{b, a}}) {
      Layer* candidate = open_end(mine);
      if (candidate == nullptr || candidate->skip || !is_matrix_operator(candidate->op)) continue;
      if (layer != nullptr && candidate->position < layer->position) continue;
      layer = candidate;
      other = theirs;
    }
    if (layer == nullptr) return false;
    layer->skip = view(other);
    extend(node, *layer);
    layer->sum = layer->output;
    return true;
  }

  void extend(const Node& node, Layer& layer) const {
    layer.nodes.push_back(node.name);
    layer.output = node.output;
    layer.position = position_;
  }

  static void set_activation(const Node& node, Layer& layer) {
    if (const auto* clip = std::get_if<network::Clip>(&node.op)) layer.clip = *clip;
    if (const auto* prelu = std::get_if<network::PRelu>(&node.op)) layer.prelu = *prelu;
  }

  void open(const Node& node) {
    Layer layer;
    layer.name = node.name.empty() ? fmt::format("{}_{}", network::operator_name(node.op), position_) : node.name;
    layer.op = node.op;
    layer.nodes = {node.name};
    layer.anchor_output = layer.sum = layer.output = node.output;
    layer.position = position_;
    for (const TensorId input : node.inputs) layer.inputs.push_back(alias_(input));
    if (is_any<network::Add>(node.op)) {
      layer.skip = view(layer.inputs[1]);
      if (layer.skip->source == layer.inputs[1]) {
        const SkipView other = view(layer.inputs[0]);
        if (other.source != layer.inputs[0]) {
          layer.skip = other;
          std::swap(layer.inputs[0], layer.inputs[1]);
        }
      }
      layer.inputs.resize(1);
      layer.anchor_output = layer.inputs[0];
    } else if (is_any<network::Clip, network::PRelu>(node.op)) {
      set_activation(node, layer);
      layer.anchor_output = layer.sum = layer.inputs[0];
    }
    layers_.push_back(std::move(layer));
  }

  // Looks through the slices and channel pads above `tensor`.
  SkipView view(TensorId tensor) const {
    SkipView view{tensor};
    for (;;) {
      const Node* node = writer_[static_cast<std::size_t>(view.source)];
      if (node == nullptr) return view;
      if (const auto* pad = std::get_if<network::Pad>(&node->op)) {
        if (pad->before[1] != 0 || pad->before[2] != 0 || pad->after[1] != 0 || pad->after[2] != 0) return view;
        view.channel_offset += pad->before[0];
      } else if (const auto* slice = std::get_if<network::Slice>(&node->op)) {
        const int channels = graph_.tensors[static_cast<std::size_t>(node->inputs[0])].shape.channels;
        if (slice->start != std::array{0, 0, 0} || slice->step[0] != 1 || slice->end[0] != channels) return view;
        view.stride_y *= slice->step[1];
        view.stride_x *= slice->step[2];
      } else {
        return view;
      }
      view.source = alias_(node->inputs[0]);
    }
  }

  std::vector<Layer> needed_layers() {
    std::vector<bool> needed(graph_.tensors.size());
    needed[static_cast<std::size_t>(output_)] = true;
    std::vector<Layer> kept;
    for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
      if (!needed[static_cast<std::size_t>(layer->output)]) continue;
      for (const TensorId input : layer->inputs) needed[static_cast<std::size_t>(input)] = true;
      if (layer->skip) needed[static_cast<std::size_t>(layer->skip->source)] = true;
      kept.push_back(std::move(*layer));
    }
    std::reverse(kept.begin(), kept.end());
    return kept;
  }

  const Graph& graph_;
  Aliases alias_;
  std::vector<int> readers_;         // per tensor
  std::vector<const Node*> writer_;  // per tensor
  TensorId output_ = -1;
  std::size_t position_ = 0;
  std::vector<Layer> layers_;
};

}  // namespace

LayeredGraph make_layers(const Graph& graph) { return Fusion(graph).run(); }

}  // namespace lutra::quantization
