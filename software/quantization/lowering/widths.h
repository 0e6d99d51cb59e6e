#pragma once

#include <vector>

#include "software/quantization/lowering/layers.h"
#include "software/quantization/scheme.h"

namespace lutra::quantization {

struct Widths {
  int input_bits = 8;
  std::vector<LayerWidths> layers;  // one per layer
  std::vector<bool> overridden;     // the layer is named in Options::layers
  std::vector<bool> first_or_last;  // the layer has its weights' width from Options::first_last_bits
};

// The bits of every layer's weights and output codes. Throws Error for a width outside 2..8 (weights: 1..8), for an
// override of a layer that does not exist (with the nearest name) and for one of a node that is computed within
// another's layer, and for Options::activation_bits that Options::activations does not have.
Widths resolve_widths(const std::vector<Layer>& layers, const Options& options);

}  // namespace lutra::quantization
