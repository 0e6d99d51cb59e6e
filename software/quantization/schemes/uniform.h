#pragma once

#include "software/quantization/scheme.h"

namespace lutra::quantization {

// Integers of 2..8 bits: weights symmetric with one scale per output channel, activations with one scale per tensor.
class UniformScheme final : public Scheme {
 public:
  std::string name() const override { return "uniform"; }
  std::string summary() const override;
  WidthRange weight_widths() const override { return {2, 8}; }
  std::vector<Parameter> parameters() const override;
  network::QuantisedNetwork quantise(const network::Graph& graph, const network::Normalisation& normalisation,
                                     const network::Dataset& calibration, const Options& options) const override;
};

}  // namespace lutra::quantization
