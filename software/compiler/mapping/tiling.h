#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "software/compiler/lowering/layer.h"

namespace lutra::compiler {

// How a layer is cut: output channels x output rows x output columns x input channels of one tile, each at most the
// layer's own. Ragged at the ends.
struct TileShape {
  int channels = 0;
  int rows = 0;
  int columns = 0;
  int chunk = 0;              // input channels; less than all only where every output reads all of them
  bool pixels_outer = false;  // input stays while channel tiles pass, or weights stay while pixel tiles pass
  int merge = 1;              // neighbouring groups that the array takes as one, with zeros between them

  bool operator==(const TileShape&) const = default;
};

// Output channels [first, first + count) and the input channels they read.
struct ChannelTile {
  int first = 0;
  int count = 0;
  int input_first = 0;
  int input_count = 0;
  int group_outputs = 0;   // of the groups within the tile, merged ones
  int group_channels = 0;  // likewise
};

// A range of output pixels.
struct PixelTile {
  int y = 0;
  int x = 0;
  int rows = 0;
  int columns = 0;

  int pixels() const { return rows * columns; }
};

struct Chunk {
  int first = 0;  // input channel
  int count = 0;
};

struct Tiling {
  TileShape shape;
  std::vector<ChannelTile> channels;
  std::vector<PixelTile> pixels;
  std::vector<int> band_ends;  // one past the last pixel tile of each band (lowering/stripes.h); one band: the layer
  int chunks = 1;

  Chunk chunk(const ChannelTile& tile, int index) const {
    const int first = index * shape.chunk;
    const int left = tile.input_count - first;
    return {tile.input_first + first, chunks == 1 ? tile.input_count : left < shape.chunk ? left : shape.chunk};
  }
};

// Empty where a tile would begin within a byte of a tensor's pixels, or hold fewer groups than it merges.
std::optional<Tiling> cut(const Layer& layer, const TileShape& shape);

// What holds every pixel tile.
PixelTile largest_pixels(const Tiling& tiling);

// The layer's bands of output rows; all rows are one where it has none.
std::vector<Rows> bands_of(const Layer& layer);

// Part of an input under a range of outputs along one axis: `before` + `count` + `after` elements, those of the tensor
// from `first` on between padding; the outputs' first window begins `lead` elements into it. At least one element is
// the tensor's, as transfers must be.
struct Span {
  int first = 0;
  int count = 0;
  int before = 0;
  int after = 0;
  int lead = 0;

  int extent() const { return before + count + after; }
};

Span input_rows(const Layer& layer, const PixelTile& tile);
Span input_columns(const Layer& layer, const PixelTile& tile);

// The part of the skip tensor that a tile adds.
struct SkipSlice {
  int first = 0;  // channel of the skip tensor
  int count = 0;
  int first_channel = 0;  // lutra_tile::skip_first_channel
  int rows = 0;           // every skip_stride_y-th row of the tensor
  int columns = 0;        // all columns from the tile's first to its last

  std::int64_t pixel_bytes(int bits) const { return packed_bytes(count, bits); }
};

SkipSlice skip_slice(const Layer& layer, const ChannelTile& channels, const PixelTile& pixels);

// Smallest number of channels that fills whole bytes.
int byte_channels(int bits);

}  // namespace lutra::compiler
