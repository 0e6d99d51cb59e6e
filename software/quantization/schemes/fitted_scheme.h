#pragma once

#include "software/quantization/fit/filter_fit.h"
#include "software/quantization/lowering/lowering.h"
#include "software/quantization/scheme.h"

namespace lutra::quantization {

// What a scheme makes of a layer: an encoding, and every filter's values under it.
struct EncodedLayer {
  network::WeightEncoding encoding;
  std::vector<FilterFit> filters;
};

// What the schemes for weights are made of: everything but `encode` is common to them.
struct WeightScheme {
  std::string name;
  std::string summary;
  WidthRange widths;                  // that `encode` takes
  std::vector<Parameter> parameters;  // beside those of every fitted scheme
  EncodedLayer (*encode)(const LayerProblem& layer, int bits, const Parameters& parameters);
};

// A scheme that fits every layer's weights in turn, so that the layer yields, on what the quantised network feeds it
// over the calibration images, what the float network has there. The first and the last layer are integers of
// Options::first_last_bits; a layer whose width lies outside the scheme's range is integers of that width, or, of one
// bit, signs with a scale per filter.
class FittedScheme final : public Scheme {
 public:
  explicit FittedScheme(WeightScheme scheme) : scheme_(std::move(scheme)) {}

  std::string name() const override { return scheme_.name; }
  std::string summary() const override { return scheme_.summary; }
  WidthRange weight_widths() const override { return scheme_.widths; }
  std::vector<Parameter> parameters() const override;
  network::QuantisedNetwork quantise(const network::Graph& graph, const network::Normalisation& normalisation,
                                     const network::Dataset& calibration, const Options& options) const override;

 private:
  WeightScheme scheme_;
};

// The encodings that schemes share.
EncodedLayer encode_integers(const LayerProblem& layer, int bits);  // two's complement
EncodedLayer encode_signs(const LayerProblem& layer);               // one bit

// The layer's weights, and the biases that give every output the mean it should have; with `match_deviation` also the
// scales that give it the deviation.
LayerWeights assemble(const EncodedLayer& encoded, const std::vector<GroupMoments>& moments, double input_scale,
                      bool match_deviation);

// What of the outputs' statistics is put right after the fit: a parameter of every fitted scheme.
Parameter statistics_parameter();

}  // namespace lutra::quantization
