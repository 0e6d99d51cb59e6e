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

// A filter's largest weight: its position among the layer's.
std::size_t largest_of(const network::Weights& weights, std::size_t filter) {
  const std::size_t count = weights.values.size() / weights.scales.size();
  const auto first = weights.values.begin() + static_cast<std::ptrdiff_t>(filter * count);
  const auto largest = std::max_element(first, first + static_cast<std::ptrdiff_t>(count),
                                        [](int a, int b) { return std::abs(a) < std::abs(b); });
  return static_cast<std::size_t>(largest - weights.values.begin());
}

LayerWeights trained_weights(const network::Weights& trained, const WeightRequest& request) {
  const std::vector<double>& folded = request.operands.weights;
  if (trained.values.size() != folded.size())
    throw Error(fmt::format("layer '{}' has {} weights, and {} were trained", request.layer, folded.size(),
                            trained.values.size()));
  LayerWeights layer{trained, request.operands.bias};
  std::vector<double>& scales = layer.weights.scales;
  double least = 0;
  for (std::size_t filter = 0; filter < scales.size(); ++filter) {
    const std::size_t largest = largest_of(trained, filter);
    if (trained.values[largest] == 0) {
      scales[filter] = 0;
      continue;
    }
    scales[filter] = folded[largest] / trained.values[largest];  // times what folding multiplied the filter by
    if (scales[filter] < 0)
      throw Error(
          fmt::format("layer '{}', channel {}: the batch normalisation has a negative scale, which no rescaling of "
                      "integers can follow; turn the filter and the scale around before training",
                      request.layer, filter));
    if (scales[filter] > 0 && (least == 0 || scales[filter] < least)) least = scales[filter];
  }
  for (double& scale : scales)  // of filters without weights: none that would coarsen what the others yield
    if (scale == 0) scale = least > 0 ? least : 1.0;
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
