#include "software/compiler/mapping/tiling.h"

#include <algorithm>
#include <numeric>

namespace lutra::compiler {

namespace {

bool on_byte(int channel, int bits) { return std::int64_t{channel} * bits % 8 == 0; }

// Elements [first, first + extent) of an axis of `size` elements, and the nearest element of the tensor where these are
// all padding.
Span clip(int first, int extent, int size) {
  const int begin = std::min(first, size - 1);
  const int end = std::max(first + extent, 1);
  const int inside = std::max(begin, 0);
  const int count = std::min(end, size) - inside;
  return {inside, count, inside - begin, end - inside - count, first - begin};
}

int under(int outputs, int stride, int window, int dilation) {
  return (outputs - 1) * stride + (window - 1) * dilation + 1;
}

// Several whole groups, merged by `merge`; groups that are left over make a tile of their own, merged all.
std::vector<ChannelTile> group_tiles(const Layer& layer, int count, int merge) {
  std::vector<ChannelTile> tiles;
  const int groups = layer.output_channels / layer.group_outputs;
  const int most = count / layer.group_outputs / merge * merge;
  for (int first = 0, in_tile = 0; first < groups; first += in_tile) {
    in_tile = std::min(most, groups - first);
    if (in_tile > merge) in_tile -= in_tile % merge;
    const int merged = std::min(merge, in_tile);
    tiles.push_back({first * layer.group_outputs, in_tile * layer.group_outputs, first * layer.group_channels,
                     in_tile * layer.group_channels, merged * layer.group_outputs, merged * layer.group_channels});
  }
  return tiles;
}

// Tiles of at most `count` channels: several whole groups, or a part of one.
std::vector<ChannelTile> channel_tiles(const Layer& layer, int count, int merge) {
  if (count >= layer.group_outputs) return group_tiles(layer, count, merge);
  std::vector<ChannelTile> tiles;
  for (int group = 0; group < layer.output_channels / layer.group_outputs; ++group)
    for (int first = 0; first < layer.group_outputs; first += count) {
      const int outputs = std::min(count, layer.group_outputs - first);
      tiles.push_back({group * layer.group_outputs + first, outputs, group * layer.group_channels, layer.group_channels,
                       outputs, layer.group_channels});
    }
  return tiles;
}

}  // namespace

int byte_channels(int bits) { return 8 / std::gcd(bits, 8); }

std::optional<Tiling> cut(const Layer& layer, const TileShape& shape) {
  Tiling tiling;
  tiling.shape = shape;
  if (shape.merge > 1 && shape.channels < shape.merge * layer.group_outputs) return std::nullopt;
  tiling.channels = channel_tiles(layer, shape.channels, shape.merge);
  for (const ChannelTile& tile : tiling.channels)
    if (!on_byte(tile.input_first, layer.input_bits) || !on_byte(tile.first, layer.code_bits)) return std::nullopt;
  const int inputs = tiling.channels.front().input_count;
  if (shape.chunk < inputs) {
    if (!on_byte(shape.chunk, layer.input_bits)) return std::nullopt;
    tiling.chunks = (inputs + shape.chunk - 1) / shape.chunk;
  }
  for (const Rows& band : bands_of(layer)) {
    for (int y = band.first; y < band.end(); y += shape.rows)
      for (int x = 0; x < layer.output_width; x += shape.columns)
        tiling.pixels.push_back(
            {y, x, std::min(shape.rows, band.end() - y), std::min(shape.columns, layer.output_width - x)});
    tiling.band_ends.push_back(static_cast<int>(tiling.pixels.size()));
  }
  return tiling;
}

PixelTile largest_pixels(const Tiling& tiling) {
  PixelTile largest = tiling.pixels.front();
  for (const PixelTile& tile : tiling.pixels) {
    if (tile.rows > largest.rows) largest = tile;
    largest.columns = std::max(largest.columns, tile.columns);
  }
  return largest;
}

std::vector<Rows> bands_of(const Layer& layer) {
  const std::vector<Rows>& bands = layer.source->stripes.bands;
  return bands.empty() ? std::vector<Rows>{{0, layer.output_height}} : bands;
}

Span input_rows(const Layer& layer, const PixelTile& tile) {
  return clip(tile.y * layer.stride_y - layer.pad_top,
              under(tile.rows, layer.stride_y, layer.window_height, layer.dilation_y), layer.input_height);
}

Span input_columns(const Layer& layer, const PixelTile& tile) {
  return clip(tile.x * layer.stride_x - layer.pad_left,
              under(tile.columns, layer.stride_x, layer.window_width, layer.dilation_x), layer.input_width);
}

SkipSlice skip_slice(const Layer& layer, const ChannelTile& channels, const PixelTile& pixels) {
  const lutra_op& op = layer.source->op;
  const int tensor_channels = static_cast<int>(op.skip.channels);
  const int wanted = channels.first - static_cast<int>(op.skip_channel_offset);
  const int unit = byte_channels(op.skip.bits);
  int first = std::clamp(wanted, 0, tensor_channels);
  first -= first % unit;
  int end = std::clamp(wanted + channels.count, 0, tensor_channels);
  if (end <= first) {  // the tile adds zeros only; the operand still needs a channel, out of the tile's reach
    first = 0;
    end = std::min(unit, tensor_channels);
  }
  return {first, end - first, wanted - first, pixels.rows, (pixels.columns - 1) * op.skip_stride_x + 1};
}

}  // namespace lutra::compiler
