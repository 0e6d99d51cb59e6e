#pragma once

#include <string>
#include <utility>
#include <vector>

#include "accelerators/family/engine_config.h"
#include "accelerators/family/tile.h"
#include "software/network/quantised/quantised_network.h"

namespace lutra::test {

inline accelerators::EngineConfig lut_array(const std::string& variant) {
  accelerators::EngineConfig config;
  config.family = "lut";
  config.pipeline = 16;  // a register behind every step
  config.variant = variant;
  config.lanes = 4;
  return config;
}

inline network::ActivationEncoding codes(int bits, bool is_signed, std::vector<int> levels = {}) {
  network::ActivationEncoding encoding;
  encoding.bits = bits;
  encoding.is_signed = is_signed;
  encoding.levels = std::move(levels);
  return encoding;
}

inline accelerators::MatrixTile one_pixel() {
  return {.rows = 1,
          .columns = 1,
          .channels = 1,
          .group_channels = 1,
          .group_outputs = 1,
          .input_width = 1,
          .input_channels = 1,
          .input_pixel_bytes = 1};
}

// 16 outputs, 16 pixels, 3 x 3 x 4: window rows of 12 elements.
inline accelerators::MatrixTile one_block() {
  return {.rows = 2,
          .columns = 8,
          .channels = 16,
          .window_height = 3,
          .window_width = 3,
          .group_channels = 4,
          .group_outputs = 16,
          .input_width = 10,
          .input_channels = 4,
          .input_pixel_bytes = 4};
}

}  // namespace lutra::test
