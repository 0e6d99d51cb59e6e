#include "software/quantization/uniform.h"

#include "software/network/fold.h"
#include "software/quantization/bias_correction.h"
#include "software/quantization/lowering.h"
#include "software/quantization/weights.h"

namespace lutra::quantization {

namespace {

LayerWeights round_weights(const WeightRequest& request) {
  LayerWeights layer;
  layer.weights = quantize_uniform(request.operands.weights, request.operands.output_channels, request.bits);
  layer.bias = correct_bias(request.operands, layer.weights, request.input_means);
  return layer;
}

}  // namespace

std::string UniformScheme::summary() const {
  return "integers of 2 to 8 bits; weights scaled per output channel, activations per tensor";
}

network::QuantizedNetwork UniformScheme::quantize(const network::Graph& graph,
                                                  const network::Normalisation& normalisation,
                                                  const network::Dataset& calibration, const Options& options) const {
  network::validate(graph);
  const network::Graph folded = network::remove_unused(network::fold_batch_normalization(graph));
  const auto statistics = calibrate(folded, normalisation, calibration, options.calibration_images);
  return lower(folded, normalisation, statistics, options, round_weights);
}

}  // namespace lutra::quantization
