#include "software/quantization/uniform.h"

#include "software/network/fold.h"
#include "software/quantization/lowering.h"
#include "software/quantization/weights.h"

namespace lutra::quantization {

std::string UniformScheme::summary() const {
  return "integers of 2 to 8 bits; weights scaled per output channel, activations per tensor";
}

network::QuantizedNetwork UniformScheme::quantize(const network::Graph& graph,
                                                  const network::Normalisation& normalisation,
                                                  const network::Dataset& calibration, const Options& options) const {
  network::validate(graph);
  const network::Graph folded = network::remove_unused(network::fold_batch_normalization(graph));
  const auto statistics = calibrate(folded, normalisation, calibration, options.calibration_images);
  return lower(folded, normalisation, statistics, options, quantize_uniform);
}

}  // namespace lutra::quantization
