#include "software/training/quantised_model.h"

#include <algorithm>

#include "software/quantization/progressive/progressive.h"
#include "software/quantization/scheme.h"
#include "software/quantization/trained/training_plan.h"

namespace lutra::training {

namespace {

const network::Node* maker_of(const network::Graph& graph, network::TensorId tensor) {
  const auto found = std::find_if(graph.nodes.begin(), graph.nodes.end(),
                                  [&](const network::Node& node) { return node.output == tensor; });
  return found == graph.nodes.end() ? nullptr : &*found;
}

// The block form of STTN: a convolution reads a batch normalisation that belongs to no layer before it.
bool has_ternary_blocks(const network::Graph& graph) {
  for (const network::Node& node : graph.nodes) {
    if (!std::holds_alternative<network::Convolution>(node.op)) continue;
    const network::Node* norm = maker_of(graph, node.inputs[0]);
    if (norm == nullptr || !std::holds_alternative<network::BatchNormalization>(norm->op)) continue;
    const network::Node* before = maker_of(graph, norm->inputs[0]);
    if (before != nullptr && !std::holds_alternative<network::Convolution>(before->op)) return true;
  }
  return false;
}

WeightSpec weight_spec(const TrainedScheme& scheme, const quantization::TrainingPlan::LayerBits& layer) {
  const quantization::WidthRange widths = quantization::find_scheme(scheme.section.options.scheme).weight_widths();
  if (!layer.first_or_last && layer.bits >= widths.lowest && layer.bits <= widths.highest)
    return {scheme.section.options.scheme, layer.bits, scheme.parameters};
  return {layer.bits == 1 ? "bwn" : "uniform", layer.bits, {}};
}

ActivationSpec activation_spec(const quantization::TrainingPlan::Codes& codes) {
  using quantization::ActivationCoding;
  const char* coding = codes.coding == ActivationCoding::ternary ? "ternary"
                       : codes.coding == ActivationCoding::bwa   ? "bwa"
                                                                 : "uniform";
  return {coding, codes.bits, codes.is_signed};
}

}  // namespace

quantization::Options complete_options(const TrainingFile& training, const network::Graph& start,
                                       const network::Dataset& calibration) {
  if (!training.scheme) return {};
  const quantization::Options& asked = training.scheme->section.options;
  quantization::Options options = has_ternary_blocks(start) ? quantization::ternary_block_options(asked, start)
                                                            : quantization::widen_pooled(asked, start);
  options.progressive.reset();
  if (!asked.progressive) return options;
  // The choice names every layer it is given: of it the weights' bits alone, so that activations are as without it.
  const quantization::Options chosen =
      quantization::choose_progressive(start, training.normalisation, calibration, asked, quantization::memory_cost())
          .options;
  for (const auto& [name, widths] : chosen.layers) {
    const auto [own, is_new] = options.layers.emplace(name, widths);
    if (!is_new) own->second.weight_bits = widths.weight_bits;
  }
  return options;
}

PhasePlan plan_phase(const TrainingFile& training, const Phase& phase, const network::Graph& graph) {
  PhasePlan result;
  if (!phase.scheme) return result;
  const quantization::TrainingPlan plan =
      quantization::plan_training(graph, training.normalisation, phase.scheme->section.options);
  result.input_bits = plan.input_bits;
  for (const auto& [name, layer] : plan.weights) result.plan.weights[name] = weight_spec(*phase.scheme, layer);
  if (phase.scheme->float_activations) return result;
  for (const auto& [tensor, codes] : plan.tensors) result.plan.tensors[tensor] = activation_spec(codes);
  result.plan.streams = plan.streams;
  return result;
}

}  // namespace lutra::training
