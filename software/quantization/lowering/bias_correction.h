#pragma once

#include <vector>

#include "software/network/quantised/quantised_network.h"
#include "software/quantization/lowering/operands.h"

namespace lutra::quantization {

// Rounding the weights shifts every output's mean by sum((weight - rounded weight) * mean of the input it multiplies);
// these are the biases with that shift added back. `input_means` has one value per input channel, or, for a window of
// the whole input, one per input element. (The expected-value correction of Nagel et al., "Data-Free Quantization
// Through Weight Equalization and Bias Correction", ICCV 2019, with measured means.)
std::vector<double> correct_bias(const MatrixOperands& operands, const network::Weights& rounded,
                                 const std::vector<double>& input_means);

}  // namespace lutra::quantization
