#include "software/compiler/lowering/layer.h"

#include <stdexcept>

namespace lutra::compiler {

namespace {

lutra_tile_kind tile_kind(const LoweredOp& lowered) {
  switch (lowered.op.kind) {
    case LUTRA_OP_MATRIX:
      return LUTRA_TILE_MATRIX;
    case LUTRA_OP_MAXIMUM:
      return LUTRA_TILE_MAXIMUM;
    case LUTRA_OP_SUM:
      return LUTRA_TILE_SUM;
    case LUTRA_OP_ELEMENTWISE:
      return LUTRA_TILE_ELEMENTWISE;
    default:
      throw std::logic_error("no tile computes this kind of operation");
  }
}

}  // namespace

bool has_tile(const LoweredOp& lowered) {
  return lowered.op.kind != LUTRA_OP_NORMALISE && lowered.op.kind != LUTRA_OP_RESAMPLE;
}

Layer layer_of(const LoweredOp& lowered) {
  const lutra_op& op = lowered.op;
  const lutra_tensor& output = op.flags & LUTRA_OP_CODES ? op.codes : op.stream;
  Layer layer;
  layer.source = &lowered;
  layer.kind = tile_kind(lowered);
  layer.input_channels = static_cast<int>(op.input.channels);
  layer.input_height = static_cast<int>(op.input.height);
  layer.input_width = static_cast<int>(op.input.width);
  layer.input_bits = op.input.bits;
  layer.output_channels = static_cast<int>(op.output_channels);
  layer.output_height = static_cast<int>(output.height);
  layer.output_width = static_cast<int>(output.width);
  const int groups = layer.matrix() ? static_cast<int>(op.groups) : layer.input_channels;
  layer.group_channels = layer.input_channels / groups;
  layer.group_outputs = layer.output_channels / groups;
  layer.window_height = op.window_height;
  layer.window_width = op.window_width;
  layer.stride_y = op.stride_y;
  layer.stride_x = op.stride_x;
  layer.dilation_y = op.window_height > 1 ? op.dilation_y : 1;
  layer.dilation_x = op.window_width > 1 ? op.dilation_x : 1;
  layer.pad_top = op.pad_top;
  layer.pad_left = op.pad_left;
  layer.code_bits = op.flags & LUTRA_OP_CODES ? op.codes.bits : 0;
  layer.stream = (op.flags & LUTRA_OP_STREAM) != 0;
  layer.skip = (op.flags & LUTRA_OP_SKIP) != 0;
  layer.scales = static_cast<int>(lowered.scale.size());
  layer.prelus = static_cast<int>(lowered.prelu.size());
  layer.threshold_entries = lowered.threshold_entries;
  if (layer.threshold_entries > 0) layer.thresholds = op.code_high - op.code_low;
  layer.direct = lowered.direct;
  layer.resident = lowered.resident;
  layer.resident_parameters = lowered.resident_parameters;
  return layer;
}

}  // namespace lutra::compiler
