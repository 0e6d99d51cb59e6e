#include "software/quantization/trained/trained.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "software/common/error.h"
#include "software/common/nearest.h"
#include "software/quantization/calibration/calibration.h"
#include "software/quantization/lowering/lowering.h"
#include "software/quantization/lowering/weights.h"
#include "software/quantization/trained/saturated.h"
#include "software/quantization/trained/traced_fold.h"
#include "software/quantization/trained/training_plan.h"

namespace lutra::quantization {

namespace {

// Of a filter's largest weight: what float arithmetic may lose on the way from codes to weights and through folding.
constexpr double rounding = 0x1p-16;
constexpr double smallest_float = std::numeric_limits<float>::min();
// A filter that folding multiplied by less has no weights; a scale of zero has no place in a file.
constexpr double least_folded_scale = 0x1p-100;

const std::string& tensor_name(const network::Graph& graph, network::TensorId tensor) {
  return graph.tensors[static_cast<std::size_t>(tensor)].name;
}

void check_names(const TrainedNetwork& trained) {
  std::vector<std::string> names;
  for (const network::Node& node : trained.graph.nodes)
    if (std::holds_alternative<network::Convolution>(node.op) || std::holds_alternative<network::Linear>(node.op))
      names.push_back(node.name);
  for (const auto& [name, weights] : trained.weights) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string nearest_name = nearest(name, names);
    throw Error(fmt::format("trained weights of '{}', but no convolution or linear node has this name{}", name,
                            nearest_name.empty() ? "" : fmt::format("; did you mean '{}'?", nearest_name)));
  }
}

void check_shape(const network::Weights& trained, const MatrixOperands& operands, const std::string& layer) {
  if (trained.values.size() == operands.weights.size() &&
      trained.scales.size() == static_cast<std::size_t>(operands.output_channels))
    return;
  throw Error(fmt::format("layer '{}' has {} weights in {} filters, and {} in {} were trained", layer,
                          operands.weights.size(), operands.output_channels, trained.values.size(),
                          trained.scales.size()));
}

// What folding multiplied a filter's weights by; 1 for a filter of zeros.
double folded_factor(const network::Weights& trained, const std::vector<double>& folded, std::size_t filter,
                     const std::string& layer) {
  const std::size_t count = folded.size() / trained.scales.size();
  const std::size_t first = filter * count;
  std::size_t largest = first;
  for (std::size_t i = first; i < first + count; ++i)
    if (std::abs(trained.values[i]) > std::abs(trained.values[largest])) largest = i;
  const double weight = trained.values[largest] * trained.scales[filter];
  const double factor = weight == 0 ? 1 : folded[largest] / weight;
  if (factor < 0)
    throw Error(
        fmt::format("layer '{}', channel {}: the batch normalisation has a negative scale, which no rescaling of "
                    "integers can follow; turn the filter and the scale around before training",
                    layer, filter));
  const double tolerance = rounding * std::abs(folded[largest]) + smallest_float;
  for (std::size_t i = first; i < first + count; ++i)
    if (std::abs(folded[i] - trained.values[i] * trained.scales[filter] * factor) > tolerance)
      throw Error(
          fmt::format("layer '{}', channel {}: weight {} is not its trained code {} times the scale {}; take both "
                      "from one state of the training",
                      layer, filter, i - first, trained.values[i], trained.scales[filter]));
  return factor;
}

LayerWeights trained_weights(const network::Weights& trained, const WeightRequest& request) {
  check_shape(trained, request.operands, request.layer);
  LayerWeights layer{trained, request.operands.bias};
  std::vector<double>& scales = layer.weights.scales;
  const std::size_t count = layer.weights.values.size() / scales.size();
  const auto is_empty = [&](std::size_t filter) {
    const auto first = layer.weights.values.begin() + static_cast<std::ptrdiff_t>(filter * count);
    return std::all_of(first, first + static_cast<std::ptrdiff_t>(count), [](int value) { return value == 0; });
  };
  double least = 0;
  for (std::size_t filter = 0; filter < scales.size(); ++filter) {
    scales[filter] = std::max(scales[filter] * folded_factor(trained, request.operands.weights, filter, request.layer),
                              least_folded_scale);
    if (!is_empty(filter) && (least == 0 || scales[filter] < least)) least = scales[filter];
  }
  // A filter of zeros has no scale of its own; a coarse one would coarsen what all channels yield.
  for (std::size_t filter = 0; filter < scales.size(); ++filter)
    if (is_empty(filter)) scales[filter] = least > 0 ? least : 1.0;
  return layer;
}

// A single weight per filter is its sign times the filter's scale: exact.
LayerWeights signs(const WeightRequest& request) {
  LayerWeights layer;
  layer.weights.encoding = network::UniformWeights{2};
  layer.bias = request.operands.bias;
  for (const double weight : request.operands.weights) {
    layer.weights.values.push_back(weight < 0 ? -1 : weight > 0 ? 1 : 0);
    layer.weights.scales.push_back(weight == 0 ? 1.0 : std::max(std::abs(weight), least_folded_scale));
  }
  return layer;
}

TrainingPlan::Codes coding_of(const network::ActivationEncoding& encoding) {
  if (encoding.is_ternary) return {ActivationCoding::ternary, encoding.bits, encoding.pad_code == 0};
  return {encoding.levels.empty() ? ActivationCoding::uniform : ActivationCoding::bwa, encoding.bits,
          encoding.is_signed};
}

std::string describe(const TrainingPlan::Codes& codes) {
  const char* coding = codes.coding == ActivationCoding::ternary ? "ternary"
                       : codes.coding == ActivationCoding::bwa   ? "bwa"
                                                                 : "uniform";
  return fmt::format("{} {} bits {}", codes.is_signed ? "signed" : "unsigned", codes.bits, coding);
}

// The trained encodings by tensor of the folded graph.
std::map<network::TensorId, CodeChoice> folded_activations(const TrainedNetwork& trained, const TracedFold& folded,
                                                           const TrainingPlan& plan) {
  std::map<network::TensorId, CodeChoice> activations;
  for (const auto& [tensor, choice] : trained.activations) {
    if (tensor < 0 || static_cast<std::size_t>(tensor) >= trained.graph.tensors.size())
      throw Error(fmt::format("there are trained codes of tensor {}, and the network has {} tensors", tensor,
                              trained.graph.tensors.size()));
    const std::string& name = tensor_name(trained.graph, tensor);
    const auto found = std::find(folded.origin.begin(), folded.origin.end(), tensor);
    const auto id = static_cast<network::TensorId>(found - folded.origin.begin());
    const auto planned = plan.tensors.find(id);
    if (found == folded.origin.end() || planned == plan.tensors.end())
      throw Error(
          fmt::format("tensor '{}' has trained codes, and no operation writes it as codes of its own; lower the "
                      "network with the options it was trained with",
                      name));
    const TrainingPlan::Codes codes = coding_of(choice.encoding);
    if (codes != planned->second)
      throw Error(
          fmt::format("tensor '{}' was trained as {}, and the options make it {}; lower the network with the "
                      "options it was trained with",
                      name, describe(codes), describe(planned->second)));
    activations[id] = choice;
  }
  return activations;
}

}  // namespace

network::QuantisedNetwork lower_trained(const TrainedNetwork& trained, const network::Normalisation& normalisation,
                                        const network::Dataset& calibration, const Options& options) {
  network::validate(trained.graph);
  check_names(trained);
  if (options.requantise == RequantiseForm::shift)
    throw Error(
        "requantise: shift needs scales that are powers of two, and trained scales are not; give multiplier, or "
        "a scheme without training");
  const TracedFold folded = fold_and_trace(trained.graph);
  std::map<network::TensorId, CodeChoice> activations;
  network::Graph calibrated = folded.graph;
  if (!trained.activations.empty()) {
    const TrainingPlan plan = plan_training(folded.graph, normalisation, options);
    activations = folded_activations(trained, folded, plan);
    calibrated = saturated(folded.graph, activations, plan.streams);
  }
  const auto quantise = [&](const WeightRequest& request) -> LayerWeights {
    const auto found = trained.weights.find(request.layer);
    if (found != trained.weights.end()) return trained_weights(found->second, request);
    const MatrixOperands& operands = request.operands;
    if (operands.weights.size() == static_cast<std::size_t>(operands.output_channels)) return signs(request);
    if (request.bits < 2)
      throw Error(fmt::format("layer '{}' has {} bits and no trained weights; train it, or give it 2 to 8 bits",
                              request.layer, request.bits));
    return {quantise_uniform(operands.weights, operands.output_channels, request.bits), operands.bias};
  };
  auto statistics = calibrate(calibrated, normalisation, calibration, options.calibration_images);
  statistics.resize(folded.graph.tensors.size());
  return lower(folded.graph, normalisation, calibration, statistics, options, quantise, activations);
}

}  // namespace lutra::quantization
