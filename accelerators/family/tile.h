#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lutra::accelerators {

// A matrix tile as the PE array sees it; fields as in struct lutra_tile.
struct MatrixTile {
  int rows = 0;  // output pixels
  int columns = 0;
  int channels = 0;  // output channels
  int window_height = 1;
  int window_width = 1;
  int stride_y = 1;
  int stride_x = 1;
  int dilation_y = 1;
  int dilation_x = 1;
  int group_channels = 0;
  int group_outputs = 0;
  int group_phase = 0;
  int input_width = 0;     // pixels per row in the buffer
  int input_channels = 0;  // per pixel in the buffer
  int input_pixel_bytes = 0;
  int activation_bits = 8;
  bool activation_signed = false;
  int weight_format = 0;
  int weight_bits = 8;
};

// Whether the elements of a window row lie side by side in the buffer: where its pixels touch and each group sees all
// channels of a buffer pixel.
constexpr bool is_one_run(int dilation_x, int group_channels, int input_channels) {
  return dilation_x == 1 && group_channels == input_channels;
}

// The weight values of one tile, and what they are called in a command.
struct WeightBlock {
  int channels = 0;        // output channels
  int group_channels = 0;  // input channels each output sees (of one chunk)
  int window_height = 1;
  int window_width = 1;
  int dilation_x = 1;
  int input_channels = 0;  // per pixel in the buffer, as in the tile; 0: group_channels
  int group_outputs = 0;   // as in the tile; 0: all channels are one group
  int group_phase = 0;
  int first_output = 0;  // the operation's output channel that is the block's first: finds per-channel coefficients
  std::span<const std::int16_t> values;  // [channels][group_channels][window_height][window_width]
};

struct PackedWeights {
  std::vector<std::uint8_t> bytes;
  int format = 0;
  int bits = 0;
};

struct TileWork {
  std::uint64_t cycles = 0;                 // of the array, fill and drain included, post-processing overlapped
  std::vector<std::uint64_t> event_counts;  // in the order of Family::events
  std::uint64_t activation_read_bytes = 0;  // from the activation buffer
  std::uint64_t weight_read_bytes = 0;      // from the weight buffer
  std::uint64_t sum_read_bytes = 0;         // of partial sums, from and to the accumulator buffer
  std::uint64_t sum_write_bytes = 0;
};

}  // namespace lutra::accelerators
