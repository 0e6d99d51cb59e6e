#pragma once

#include <functional>
#include <span>
#include <vector>

#include "software/network/float/graph.h"

namespace lutra::reference {

// Memory one thread reuses from operator to operator.
struct FloatScratch {
  std::vector<float> padded;
  std::vector<float> panel;
};

// Computes one node for one image: channel-planar inputs and output, of the shapes given to make_float_kernel.
using FloatKernel = std::function<void(std::span<const float* const> inputs, float* output, FloatScratch& scratch)>;

// Prepares an operator of a validated graph. Throws Error naming `node_name` for a convolution whose padded input has
// more than network::max_elements elements.
FloatKernel make_float_kernel(const network::Operator& op, const std::vector<network::Shape>& inputs,
                              const network::Shape& output, const std::string& node_name);

// The two operators that are matrix products.
FloatKernel make_convolution_kernel(const network::Convolution& op, const network::Shape& input,
                                    const network::Shape& output, const std::string& node_name);
FloatKernel make_linear_kernel(const network::Linear& op, const network::Shape& input);

}  // namespace lutra::reference
