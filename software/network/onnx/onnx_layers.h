#pragma once

#include "software/network/onnx/onnx_builder.h"

namespace lutra::network::importer {

// The operands of a layer: `bias` may be null. Where `weights` stand for integers, the layer's given integers are
// these, and its bias is exact.
struct LayerOperands {
  Activation input;
  Constant weights;
  Constant bias;
};

// A convolution with the attributes of `node`, and [outputs][inputs] (or its transpose) times a vector.
Activation append_convolution(GraphBuilder& builder, const OnnxNode& node, const LayerOperands& operands);
Activation append_linear(GraphBuilder& builder, const OnnxNode& node, const LayerOperands& operands, bool outputs_first,
                         float factor = 1, float bias_factor = 1);

// A constant's values as the file means them.
std::vector<double> exact_values(const OnnxNode& node, const Array& array);

}  // namespace lutra::network::importer
