#pragma once

#include <vector>

#include "software/network/quantised/quantised_network.h"

namespace lutra::quantization {

// The multiplications of a layer in the float network: values as network::Weights orders them, one bias per output.
struct FloatWeights {
  std::vector<double> values;
  std::vector<double> bias;
};

// Symmetric integers of `bits`, each output channel with the scale of least squared error between the weights and what
// the integers stand for. All of two's complement is used, -2^(bits - 1) included: at two bits -2, -1, 0 and 1.
// Deterministic.
network::Weights quantise_uniform(const std::vector<double>& values, int output_channels, int bits);

}  // namespace lutra::quantization
