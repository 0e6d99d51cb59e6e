#include "software/quantization/trained/training_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"
#include "software/network/float/graph_readers.h"
#include "software/quantization/lowering/activations.h"
#include "software/quantization/lowering/input.h"
#include "software/quantization/lowering/layers.h"
#include "software/quantization/lowering/plan.h"
#include "software/quantization/lowering/widths.h"
#include "software/quantization/trained/traced_fold.h"

namespace lutra::quantization {

namespace {

using network::Graph;
using network::TensorId;

bool moves_codes(const Layer& layer, bool is_overridden, bool writes_coded) {
  if (std::holds_alternative<network::Slice>(layer.op) || std::holds_alternative<network::Pad>(layer.op)) return true;
  return std::holds_alternative<network::MaxPool>(layer.op) && !is_overridden && !layer.clip && !layer.prelu &&
         !writes_coded;
}

// The node and input through which an addition's operand reaches back to `source`: the addition itself, or the first of
// the Slices and Pads between.
std::pair<std::size_t, std::size_t> reader_of(const Graph& graph, std::size_t addition, TensorId source,
                                              TensorId other) {
  const std::vector<int> readers = network::count_readers(graph);
  for (std::size_t operand = 0; operand < 2; ++operand) {
    if (graph.nodes[addition].inputs[operand] == other && source != other) continue;
    std::size_t node = addition;
    std::size_t input = operand;
    while (graph.nodes[node].inputs[input] != source) {
      const TensorId tensor = graph.nodes[node].inputs[input];
      const auto maker = std::find_if(graph.nodes.begin(), graph.nodes.end(),
                                      [&](const network::Node& candidate) { return candidate.output == tensor; });
      const bool is_view = maker != graph.nodes.end() && (std::holds_alternative<network::Slice>(maker->op) ||
                                                          std::holds_alternative<network::Pad>(maker->op));
      if (!is_view) break;
      if (readers[index(tensor)] > 1)
        throw Error(
            fmt::format("node '{}': the addition '{}' reads its result as a stream of 16 bits, and others read its "
                        "codes; set wide_skip: false, or give the addition a node of its own",
                        maker->name, graph.nodes[addition].name));
      node = static_cast<std::size_t>(maker - graph.nodes.begin());
      input = 0;
    }
    if (graph.nodes[node].inputs[input] == source) return {node, input};
  }
  throw Error(fmt::format("node '{}' does not read tensor '{}'", graph.nodes[addition].name,
                          graph.tensors[index(source)].name));
}

std::size_t maker_of(const Graph& graph, TensorId tensor) {
  const auto found = std::find_if(graph.nodes.begin(), graph.nodes.end(),
                                  [&](const network::Node& node) { return node.output == tensor; });
  return static_cast<std::size_t>(found - graph.nodes.begin());
}

}  // namespace

TrainingPlan plan_training(const Graph& graph, const network::Normalisation& normalisation, const Options& options) {
  const TracedFold folded = fold_and_trace(graph);
  const LayeredGraph layered = make_layers(folded.graph);
  const Widths widths = resolve_widths(layered.layers, options);
  const int channels = folded.graph.tensors[index(folded.graph.input)].shape.channels;
  const bool non_negative = !encode_input(normalisation, channels, widths.input_bits).encoding.is_signed;
  std::vector<bool> has_coding(folded.graph.tensors.size());
  for (std::size_t i = 0; i < layered.layers.size(); ++i)
    has_coding[index(layered.layers[i].output)] = is_coded(options.activations, widths.layers[i].activation_bits);
  const Plan plan = make_plan(folded.graph, layered, non_negative, options.wide_skip, has_coding);
  const auto origin = [&](TensorId tensor) { return folded.origin[index(tensor)]; };

  TrainingPlan result;
  result.input_bits = widths.input_bits;
  for (std::size_t i = 0; i < layered.layers.size(); ++i) {
    const Layer& layer = layered.layers[i];
    const std::size_t output = index(layer.output);
    if (is_matrix(layer) && !std::holds_alternative<network::BatchNormalization>(layer.op))
      result.weights[layer.name] = {widths.layers[i].weight_bits, widths.first_or_last[i]};
    if (plan.codes[output] && plan.coded[output])
      throw Error(
          fmt::format("layer '{}': its result is read both in {} codes and as plain integers, and training "
                      "quantises a tensor once; set wide_skip: true, or give the layer 8 activation bits",
                      layer.name, options.activations == ActivationCoding::ternary ? "ternary" : "bwa"));
    const bool has_codes = plan.codes[output] || plan.coded[output];
    if (has_codes && !moves_codes(layer, widths.overridden[i], plan.coded[output])) {
      const int bits = widths.layers[i].activation_bits;
      const bool coded = plan.coded[output];
      result.tensors[origin(layer.output)] = {coded ? options.activations : ActivationCoding::uniform,
                                              !coded && has_coding[output] ? plain_bits : bits,
                                              !plan.non_negative[output]};
    }
    if (layer.skip && options.wide_skip && plan.stream[index(layer.skip->source)]) {
      const TensorId other = std::holds_alternative<network::Add>(layer.op) ? layer.inputs[0] : layer.anchor_output;
      result.streams.insert(
          reader_of(graph, maker_of(graph, origin(layer.sum)), origin(layer.skip->source), origin(other)));
    }
  }
  return result;
}

Options widen_pooled(Options options, const Graph& graph) {
  if (options.first_last_bits == 0) return options;
  const TracedFold folded = fold_and_trace(graph);
  const LayeredGraph layered = make_layers(folded.graph);
  const Widths widths = resolve_widths(layered.layers, options);
  const auto is_pool = [](const Layer& layer) {
    return std::holds_alternative<network::AveragePool>(layer.op) || std::holds_alternative<network::MaxPool>(layer.op);
  };
  const auto last = std::find_if(layered.layers.rbegin(), layered.layers.rend(), is_matrix);
  if (last == layered.layers.rend()) return options;
  std::vector<bool> leads_to_last(folded.graph.tensors.size());
  leads_to_last[index(last->inputs[0])] = true;
  for (std::size_t i = layered.layers.size(); i-- > 0;) {
    const Layer& layer = layered.layers[i];
    const std::size_t output = index(layer.output);
    bool only_pools = false;
    for (const Layer& reader : layered.layers) {
      const bool reads = std::count(reader.inputs.begin(), reader.inputs.end(), layer.output) > 0;
      const bool skips = reader.skip && reader.skip->source == layer.output;
      if (!reads && !skips) continue;
      only_pools = reads && !skips && is_pool(reader) && leads_to_last[index(reader.output)];
      if (!only_pools) break;
    }
    if (!only_pools) continue;
    leads_to_last[output] = true;
    if (is_pool(layer) || widths.overridden[i]) continue;
    LayerWidths own = widths.layers[i];
    own.activation_bits = std::max(own.activation_bits, options.first_last_bits);
    options.layers[layer.name] = own;
  }
  return options;
}

Options ternary_block_options(Options options, const Graph& graph) {
  const TracedFold folded = fold_and_trace(graph);
  const LayeredGraph layered = make_layers(folded.graph);
  const Widths widths = resolve_widths(layered.layers, options);
  for (std::size_t i = 0; i < layered.layers.size(); ++i) {
    const Layer& layer = layered.layers[i];
    if (!is_matrix(layer) || options.layers.count(layer.name) != 0) continue;
    const bool is_norm = std::holds_alternative<network::BatchNormalization>(layer.op);
    options.layers[layer.name] = is_norm ? LayerWidths{plain_bits, options.activation_bits}
                                         : LayerWidths{widths.layers[i].weight_bits, plain_bits};
  }
  return options;
}

}  // namespace lutra::quantization
