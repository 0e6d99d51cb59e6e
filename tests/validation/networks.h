#pragma once

#include <string>
#include <vector>

#include "accelerators/family/tile.h"

namespace lutra::validation {

struct Layer {
  std::string name;
  int height = 0, width = 0, channels = 0;  // of the input
  int window_height = 0, window_width = 0, outputs = 0;
  int stride = 1, pad = 0;

  int output_height() const { return (height + 2 * pad - window_height) / stride + 1; }
  int output_width() const { return (width + 2 * pad - window_width) / stride + 1; }
  long pixels() const { return static_cast<long>(output_height()) * output_width(); }
  long products() const { return static_cast<long>(channels) * window_height * window_width; }  // of an output
  accelerators::MatrixTile tile() const;                                                        // the whole layer
};

// tests/validation/resnet20_layers.csv
std::vector<Layer> resnet20();
long macs(const std::vector<Layer>& layers);

}  // namespace lutra::validation
