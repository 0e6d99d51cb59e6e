#pragma once

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "accelerators/family/tile.h"
#include "software/common/files.h"

namespace lutra::test {

// A convolution or fully connected layer.
struct Layer {
  std::string name;
  int height = 0, width = 0, channels = 0;  // of the input
  int window_height = 0, window_width = 0, outputs = 0;
  int stride = 1, pad = 0;

  int output_height() const { return (height + 2 * pad - window_height) / stride + 1; }
  int output_width() const { return (width + 2 * pad - window_width) / stride + 1; }
  long pixels() const { return static_cast<long>(output_height()) * output_width(); }
  long products() const { return static_cast<long>(channels) * window_height * window_width; }  // of an output
  long macs() const { return pixels() * products() * outputs; }
  accelerators::MatrixTile tile() const {  // the whole layer
    return {.rows = output_height(),
            .columns = output_width(),
            .channels = outputs,
            .window_height = window_height,
            .window_width = window_width,
            .stride_y = stride,
            .stride_x = stride,
            .group_channels = channels,
            .group_outputs = outputs,
            .input_width = width + 2 * pad,
            .input_channels = channels,
            .input_pixel_bytes = channels};
  }
};

// Those of ResNet-20 for CIFAR-10: resnet20_layers.csv beside this file.
inline std::vector<Layer> resnet20() {
  std::istringstream lines(read_text_file(LUTRA_SOURCE_DIR "/tests/support/resnet20_layers.csv"));
  std::vector<Layer> layers;
  std::string line;
  for (std::getline(lines, line); std::getline(lines, line);) {
    Layer layer;
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream fields(line);
    fields >> layer.name >> layer.height >> layer.width >> layer.channels >> layer.window_height >>
        layer.window_width >> layer.outputs >> layer.stride >> layer.pad;
    if (!fields) throw std::runtime_error("resnet20_layers.csv: " + line);
    layers.push_back(layer);
  }
  return layers;
}

}  // namespace lutra::test
