#pragma once

#include <vector>

#include "software/network/quantized_network.h"
#include "software/quantization/operands.h"

namespace lutra::quantization {

// Rounding the weights shifts every output's mean by sum((weight - rounded weight) * mean of the input it multiplies);
// this adds that shift back to the biases. `input_means` has one value per input channel, or, for a window of the whole
// input, one per input element. (The expected-value correction of Nagel et al., "Data-Free Quantization Through Weight
// Equalization and Bias Correction", ICCV 2019, with measured means.)
void correct_bias(MatrixOperands& operands, const network::Weights& rounded, const std::vector<double>& input_means);

}  // namespace lutra::quantization
