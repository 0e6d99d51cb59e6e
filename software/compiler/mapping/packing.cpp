#include "software/compiler/mapping/packing.h"

#include <algorithm>

namespace lutra::compiler {

namespace {

accelerators::WeightBlock shape_of_block(const Layer& layer, const ChannelTile& channels, const Chunk& chunk) {
  const bool whole = chunk.count == channels.input_count;
  return {.channels = channels.count,
          .group_channels = whole ? channels.group_channels : chunk.count,
          .window_height = layer.window_height,
          .window_width = layer.window_width,
          .dilation_x = layer.dilation_x,
          .input_channels = chunk.count,
          .group_outputs = channels.group_outputs,
          .group_phase = 0,
          .first_output = channels.first,
          .values = {}};
}

}  // namespace

std::int64_t packed_weight_bytes(const Layer& layer, const ChannelTile& channels, const Chunk& chunk,
                                 const accelerators::Family& family) {
  return static_cast<std::int64_t>(family.packed_bytes(
      shape_of_block(layer, channels, chunk), layer.source->matrix->weights.encoding, layer.source->activation));
}

accelerators::PackedWeights pack_tile_weights(const Layer& layer, const ChannelTile& channels, const Chunk& chunk,
                                              const accelerators::Family& family) {
  const network::Weights& weights = layer.source->matrix->weights;
  accelerators::WeightBlock block = shape_of_block(layer, channels, chunk);
  const auto window = static_cast<std::size_t>(layer.window_height) * layer.window_width;
  const auto first = static_cast<std::size_t>(chunk.first - channels.input_first);
  // Of merged groups, an output has weights for the channels of its own and zeros for the others.
  const int own = std::min(block.group_channels, layer.group_channels);
  const int merged = block.group_channels / own;
  std::vector<std::int16_t> values(static_cast<std::size_t>(block.channels) * block.group_channels * window);
  for (int k = 0; k < channels.count; ++k) {
    const auto channel = weights.values.begin() +
                         static_cast<std::ptrdiff_t>(
                             (static_cast<std::size_t>(channels.first + k) * layer.group_channels + first) * window);
    const int group = merged > 1 ? k / layer.group_outputs % merged : 0;
    const auto place =
        (static_cast<std::size_t>(k) * block.group_channels + static_cast<std::size_t>(group) * own) * window;
    std::copy_n(channel, own * window, values.begin() + static_cast<std::ptrdiff_t>(place));
  }
  block.values = values;
  return family.pack(block, weights.encoding, layer.source->activation);
}

void name_weights(LoweredOp& lowered, const accelerators::Family& family) {
  const network::Weights& weights = lowered.matrix->weights;
  accelerators::WeightBlock block;
  block.channels = 1;
  block.group_channels = 1;
  block.values = std::span(weights.values).first(1);
  const accelerators::PackedWeights packed = family.pack(block, weights.encoding, lowered.activation);
  lowered.weight_format = packed.format;
  lowered.weight_bits = packed.bits;
}

std::vector<std::uint8_t> pack_hart_weights(const LoweredOp& lowered) {
  const network::MatrixOp& matrix = *lowered.matrix;
  const auto channels = static_cast<std::size_t>(matrix.output_channels);
  const auto window = static_cast<std::size_t>(matrix.window.height) * matrix.window.width;
  const std::size_t per_channel = matrix.weights.values.size() / channels;
  const std::size_t group_channels = per_channel / window;
  const auto bits = static_cast<std::size_t>(lowered.op.weight_bits);
  const std::size_t channel_bytes = (per_channel * bits + 7) / 8;
  std::vector<std::uint8_t> bytes(channels * channel_bytes);
  for (std::size_t k = 0; k < channels; ++k) {
    std::size_t bit = k * channel_bytes * 8;
    for (std::size_t pixel = 0; pixel < window; ++pixel)
      for (std::size_t c = 0; c < group_channels; ++c, bit += bits) {
        const auto value = static_cast<std::uint16_t>(matrix.weights.values[(k * group_channels + c) * window + pixel]);
        const unsigned code = (value & ((1u << bits) - 1)) << bit % 8;
        bytes[bit / 8] |= static_cast<std::uint8_t>(code);
        if (bit % 8 + bits > 8) bytes[bit / 8 + 1] |= static_cast<std::uint8_t>(code >> 8);
      }
  }
  return bytes;
}

}  // namespace lutra::compiler
