#include "software/quantization/schemes/uniform.h"

#include "software/common/error.h"
#include "software/network/float/fold.h"
#include "software/quantization/lowering/bias_correction.h"
#include "software/quantization/lowering/weights.h"
#include "software/quantization/schemes/fitted_scheme.h"

namespace lutra::quantization {

namespace {

LayerWeights round_weights(const WeightRequest& request) {
  const MatrixOperands& operands = request.operands;
  if (request.bits == 1) {
    const double input_scale = request.input.scale;
    const auto moments = weight_moments(operands, request.input_means, input_scale);
    return assemble(encode_signs(LayerProblem(moments, operands, input_scale)), moments, input_scale, false);
  }
  LayerWeights layer;
  layer.weights = quantise_uniform(operands.weights, operands.output_channels, request.bits);
  layer.bias = correct_bias(operands, layer.weights, request.input_means);
  return layer;
}

WeightScheme fitted_integers() {
  return {"uniform", "", {2, 8}, {}, [](const LayerProblem& layer, int bits, const Parameters&) {
            return encode_integers(layer, bits);
          }};
}

}  // namespace

std::string UniformScheme::summary() const {
  return "integers of 2 to 8 bits; weights scaled per output channel, activations per tensor";
}

std::vector<Parameter> UniformScheme::parameters() const {
  return {{"fit",
           {"weight_error", "output_error"},
           "what is made small: the error of each filter's weights, or that of the layer's output on the calibration "
           "images"},
          statistics_parameter()};
}

network::QuantisedNetwork UniformScheme::quantise(const network::Graph& graph,
                                                  const network::Normalisation& normalisation,
                                                  const network::Dataset& calibration, const Options& options) const {
  const Parameters values(parameters(), options.parameters);
  if (values.at("fit") == "output_error")
    return FittedScheme(fitted_integers()).quantise(graph, normalisation, calibration, options);
  if (values.at("statistics") != "mean")
    throw Error("parameter 'statistics' of the scheme 'uniform' needs the parameter 'fit' to be output_error");
  network::validate(graph);
  const network::Graph folded = network::for_integers(graph);
  const auto statistics = calibrate(folded, normalisation, calibration, options.calibration_images);
  return lower(folded, normalisation, calibration, statistics, options, round_weights);
}

}  // namespace lutra::quantization
