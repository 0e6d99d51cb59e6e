#include "software/quantization/lowering/plan.h"

#include <algorithm>
#include <limits>

namespace lutra::quantization {

namespace {

using network::TensorId;

bool is_post_processed(const Layer& layer) {
  return !std::holds_alternative<network::Concat>(layer.op) && !std::holds_alternative<network::Slice>(layer.op) &&
         !std::holds_alternative<network::Pad>(layer.op);
}

bool can_be_negative(const Layer& layer, const std::vector<bool>& non_negative) {
  if (layer.clip && layer.clip->low >= 0) return false;
  const bool from_negative = std::any_of(layer.inputs.begin(), layer.inputs.end(),
                                         [&](TensorId input) { return !non_negative[index(input)]; });
  const bool adds_negative = layer.skip && !non_negative[index(layer.skip->source)];
  const bool clips_negative = layer.clip && layer.clip->high < 0;
  return is_matrix(layer) || from_negative || adds_negative || clips_negative;
}

}  // namespace

bool is_relu(const Layer& layer) {
  return layer.clip && layer.clip->low == 0 && layer.clip->high == std::numeric_limits<float>::infinity();
}

bool is_matrix(const Layer& layer) {
  return std::holds_alternative<network::Convolution>(layer.op) || std::holds_alternative<network::Linear>(layer.op) ||
         std::holds_alternative<network::BatchNormalization>(layer.op);
}

Plan make_plan(const network::Graph& graph, const LayeredGraph& layered, bool input_non_negative, bool wide_skip,
               const std::vector<bool>& has_coding) {
  const std::vector<bool> none(graph.tensors.size());
  Plan plan{none, none, none, none};
  std::vector<bool> can_stream = none;
  plan.non_negative[index(graph.input)] = input_non_negative;
  for (const Layer& layer : layered.layers) {
    can_stream[index(layer.output)] = is_post_processed(layer) && (!layer.clip || is_relu(layer));
    plan.non_negative[index(layer.output)] = !can_be_negative(layer, plan.non_negative);
    for (const TensorId input : layer.inputs)
      (is_matrix(layer) && has_coding[index(input)] ? plan.coded : plan.codes)[index(input)] = true;
    if (!layer.skip) continue;
    const std::size_t source = index(layer.skip->source);
    (wide_skip && can_stream[source] ? plan.stream : plan.codes)[source] = true;
  }
  const std::size_t output = index(layered.output);
  (can_stream[output] ? plan.stream : plan.codes)[output] = true;
  return plan;
}

}  // namespace lutra::quantization
