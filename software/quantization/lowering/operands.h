#pragma once

#include <vector>

#include "software/network/float/graph.h"

namespace lutra::quantization {

// The multiplications of a layer as a convolution over its input.
struct MatrixOperands {
  network::Window window;
  int groups = 1;
  int output_channels = 0;
  std::vector<double> weights;  // [output channel][input channel / groups][window y][window x]
  std::vector<double> bias;     // one per output channel
};

// Convolution, Linear (a window of its whole input) or BatchNormalization (one weight per channel). `input` is the
// shape of what it reads.
MatrixOperands matrix_operands(const network::Operator& op, const network::Shape& input);

}  // namespace lutra::quantization
