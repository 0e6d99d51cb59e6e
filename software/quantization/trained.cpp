#include "software/quantization/trained.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "software/common/error.h"
#include "software/quantization/calibration.h"
#include "software/quantization/lowering.h"
#include "software/quantization/traced_fold.h"
#include "software/quantization/weights.h"

namespace lutra::quantization {

namespace {

// What folding multiplied a filter's weights by; 1 for a filter of zeros.
double folded_factor(const network::Weights& trained, const std::vector<double>& folded, std::size_t filter,
                     const std::string& layer) {
  const std::size_t count = folded.size() / trained.scales.size();
  const auto first = trained.values.begin() + static_cast<std::ptrdiff_t>(filter * count);
  const auto largest = std::max_element(first, first + static_cast<std::ptrdiff_t>(count),
                                        [](int a, int b) { return std::abs(a) < std::abs(b); });
  const double weight = *largest * trained.scales[filter];
  if (weight == 0) return 1;
  const double factor = folded[static_cast<std::size_t>(largest - trained.values.begin())] / weight;
  if (factor < 0)
    throw Error(
        fmt::format("layer '{}', channel {}: the batch normalisation has a negative scale, which no rescaling of "
                    "integers can follow; turn the filter and the scale around before training",
                    layer, filter));
  return factor;
}

LayerWeights trained_weights(const network::Weights& trained, const WeightRequest& request) {
  if (trained.values.size() != request.operands.weights.size())
    throw Error(fmt::format("layer '{}' has {} weights, and {} were trained", request.layer,
                            request.operands.weights.size(), trained.values.size()));
  LayerWeights layer{trained, request.operands.bias};
  for (std::size_t filter = 0; filter < layer.weights.scales.size(); ++filter)
    layer.weights.scales[filter] *= folded_factor(trained, request.operands.weights, filter, request.layer);
  return layer;
}

// A single weight per filter is its sign times the filter's scale: exact.
LayerWeights signs(const WeightRequest& request) {
  LayerWeights layer;
  layer.weights.encoding = network::UniformWeights{2};
  layer.bias = request.operands.bias;
  for (const double weight : request.operands.weights) {
    layer.weights.values.push_back(weight < 0 ? -1 : weight > 0 ? 1 : 0);
    layer.weights.scales.push_back(weight == 0 ? 1.0 : std::abs(weight));
  }
  return layer;
}

}  // namespace

network::QuantizedNetwork lower_trained(const TrainedNetwork& trained, const network::Normalisation& normalisation,
                                        const network::Dataset& calibration, const Options& options) {
  network::validate(trained.graph);
  const TracedFold folded = fold_and_trace(trained.graph);
  const auto quantise = [&](const WeightRequest& request) -> LayerWeights {
    const auto found = trained.weights.find(request.layer);
    if (found != trained.weights.end()) return trained_weights(found->second, request);
    const MatrixOperands& operands = request.operands;
    if (operands.weights.size() == static_cast<std::size_t>(operands.output_channels)) return signs(request);
    return {quantize_uniform(operands.weights, operands.output_channels, request.bits), operands.bias};
  };
  std::map<network::TensorId, CodeChoice> activations;
  for (std::size_t id = 0; id < folded.origin.size(); ++id) {
    const auto found = trained.activations.find(folded.origin[id]);
    if (found != trained.activations.end()) activations[static_cast<network::TensorId>(id)] = found->second;
  }
  const auto statistics = calibrate(folded.graph, normalisation, calibration, options.calibration_images);
  return lower(folded.graph, normalisation, calibration, statistics, options, quantise, activations);
}

}  // namespace lutra::quantization
