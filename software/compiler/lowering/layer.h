#pragma once

#include <string>

#include "accelerators/interface/commands.h"
#include "software/compiler/lowering/lower.h"

namespace lutra::compiler {

// An operation as the engine's tiles see it, in plain integers.
struct Layer {
  const LoweredOp* source = nullptr;
  lutra_tile_kind kind = LUTRA_TILE_MATRIX;
  int input_channels = 0;
  int input_height = 0;
  int input_width = 0;
  int input_bits = 8;
  int output_channels = 0;
  int output_height = 0;
  int output_width = 0;
  int group_channels = 0;  // input channels an output channel reads
  int group_outputs = 0;   // output channels that read the same input channels
  int window_height = 1;
  int window_width = 1;
  int stride_y = 1;
  int stride_x = 1;
  int dilation_y = 1;
  int dilation_x = 1;
  int pad_top = 0;
  int pad_left = 0;
  int code_bits = 0;  // 0: no codes
  bool stream = false;
  bool skip = false;
  int scales = 0;  // requantise parameters: one per output channel, or a single one
  int prelus = 0;
  int thresholds = 0;                // per entry; 0: codes are requantised
  int threshold_entries = 0;         // one per output channel, or a single one
  bool direct = false;               // the thresholds are the accumulators': no scale
  bool resident = false;             // its weights stay in the weight memory
  bool resident_parameters = false;  // in the map memory

  bool matrix() const { return kind == LUTRA_TILE_MATRIX; }
};

// The lowered operation must outlive the layer. Its kind is one a tile can compute.
Layer layer_of(const LoweredOp& lowered);

bool has_tile(const LoweredOp& lowered);

}  // namespace lutra::compiler
