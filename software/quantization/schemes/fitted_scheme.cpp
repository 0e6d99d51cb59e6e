#include "software/quantization/schemes/fitted_scheme.h"

#include <fmt/format.h>

#include <cmath>

#include "software/common/error.h"
#include "software/network/encoding/encoding.h"
#include "software/network/float/fold.h"

namespace lutra::quantization {

namespace {

const Parameter fit_parameter{
    "fit",
    {"output_error", "weight_error"},
    "what is made small: the error of the layer's output on the calibration images, or that of "
    "the weights alone"};
// The scale with which the layer's output has the deviation of the float network's.
double matching_scale(const GroupMoments& moments, std::size_t output, const Eigen::VectorXd& q, double otherwise) {
  double variance = 0;
  const std::size_t inputs = moments.inputs();
  for (std::size_t i = 0; i < inputs; ++i) {
    double row = 0;
    for (std::size_t j = 0; j < inputs; ++j)
      row += moments.covariance[i * inputs + j] * q(static_cast<Eigen::Index>(j));
    variance += row * q(static_cast<Eigen::Index>(i));
  }
  const double target = moments.target_variances[output];
  return variance > 0 && target > 0 ? std::sqrt(target / variance) : otherwise;
}

}  // namespace

LayerWeights assemble(const EncodedLayer& encoded, const std::vector<GroupMoments>& moments, double input_scale,
                      bool match_deviation) {
  LayerWeights layer;
  layer.weights.encoding = encoded.encoding;
  const std::size_t per_group = encoded.filters.size() / moments.size();
  for (std::size_t filter = 0; filter < encoded.filters.size(); ++filter) {
    const GroupMoments& group = moments[filter / per_group];
    const Eigen::VectorXd& q = encoded.filters[filter].q;
    double scale = encoded.filters[filter].scale;
    if (match_deviation) scale = matching_scale(group, filter % per_group, q, scale);
    double bias = group.target_means[filter % per_group];
    for (Eigen::Index i = 0; i < q.size(); ++i) {
      bias -= scale * q(i) * group.input_means[static_cast<std::size_t>(i)];
      layer.weights.values.push_back(static_cast<std::int16_t>(q(i)));
    }
    layer.weights.scales.push_back(scale / input_scale);
    layer.bias.push_back(bias);
  }
  return layer;
}

EncodedLayer encode_integers(const LayerProblem& layer, int bits) {
  const network::UniformWeights encoding{bits};
  return {encoding, fit_layer(layer, {network::weight_values(encoding, 0)}).filters};
}

EncodedLayer encode_signs(const LayerProblem& layer) {
  network::PlaneWeights encoding{{network::PlaneAlphabet::signs}, {}};
  encoding.coefficients.assign(layer.filters(), 1);
  return {encoding, fit_layer(layer, {{-1, 1}}).filters};
}

Parameter statistics_parameter() {
  return {"statistics",
          {"mean", "mean_and_deviation"},
          "what of each channel's output is made equal to the float network's; the mean alone has the least error"};
}

std::vector<Parameter> FittedScheme::parameters() const {
  std::vector<Parameter> all = scheme_.parameters;
  all.push_back(fit_parameter);
  all.push_back(statistics_parameter());
  return all;
}

network::QuantisedNetwork FittedScheme::quantise(const network::Graph& graph,
                                                 const network::Normalisation& normalisation,
                                                 const network::Dataset& calibration, const Options& options) const {
  network::validate(graph);
  if (options.weight_bits < scheme_.widths.lowest || options.weight_bits > scheme_.widths.highest)
    throw Error(fmt::format("scheme '{}' has weights of {} to {} bits; weight_bits is {}", scheme_.name,
                            scheme_.widths.lowest, scheme_.widths.highest, options.weight_bits));
  const Parameters values(parameters(), options.parameters);
  const bool of_weights = values.at("fit") == "weight_error";
  const bool match_deviation = values.at("statistics") == "mean_and_deviation";
  const auto fit = [&](const WeightRequest& request) {
    const double input_scale = request.input.scale;
    const std::vector<GroupMoments> moments =
        of_weights ? weight_moments(request.operands, request.input_means, input_scale) : request.moments();
    const LayerProblem problem(moments, request.operands, input_scale);
    const bool takes =
        !request.first_or_last && request.bits >= scheme_.widths.lowest && request.bits <= scheme_.widths.highest;
    const EncodedLayer encoded = takes               ? scheme_.encode(problem, request.bits, values)
                                 : request.bits == 1 ? encode_signs(problem)
                                                     : encode_integers(problem, request.bits);
    return assemble(encoded, moments, input_scale, match_deviation);
  };
  const network::Graph folded = network::for_integers(graph);
  const auto statistics = calibrate(folded, normalisation, calibration, options.calibration_images);
  return lower(folded, normalisation, calibration, statistics, options, fit);
}

}  // namespace lutra::quantization
