#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "accelerators/array/runs.h"
#include "accelerators/array/words.h"
#include "tests/accelerators/rtl/port_bits.h"
#include "tests/accelerators/rtl/random_tile.h"

namespace lutra::test {

// What an array asks of a buffer.
struct Read {
  bool header = false;  // a table word; `word` counts the header's cycles
  int row_block = 0;
  int column_block = 0;
  int word = 0;
  int pass = 0;
};

// What the buffer answers.
using ReadPort = std::function<PortBits(const Read&)>;

// The weight words Family::pack yields, behind `tables` bytes, each code on the port as wide as the array's lane:
// sign-extended where `code_signed`. With planes apart a lane is one bit, and pass p reads plane p.
inline ReadPort packed_words(const accelerators::MatrixTile& tile, const accelerators::array::WordLayout& layout,
                             std::span<const std::uint8_t> bytes, int lane_bits, bool code_signed,
                             std::size_t tables = 0) {
  namespace array = accelerators::array;
  return [=](const Read& read) {
    const std::size_t words = array::words(array::runs(tile), layout.lanes);
    const int code_bits = layout.planes_apart ? 1 : layout.bits;
    const std::size_t words_per_word = layout.planes_apart ? static_cast<std::size_t>(layout.bits) : 1;
    std::size_t first = tables;
    std::size_t word_bytes = 0;
    int used = 0;
    const std::vector<int> blocks = array::row_blocks(tile, layout.rows);
    for (int i = 0; i <= read.row_block; ++i) {
      first += words * words_per_word * word_bytes;
      used = blocks[static_cast<std::size_t>(i)];
      word_bytes = (static_cast<std::size_t>(used) * layout.lanes * code_bits + 7) / 8;
    }
    first +=
        (static_cast<std::size_t>(read.word) * words_per_word + (layout.planes_apart ? read.pass : 0)) * word_bytes;
    PortBits port;
    for (int place = 0; place < used * layout.lanes; ++place) {
      std::uint32_t code = 0;
      for (int bit = 0; bit < code_bits; ++bit) {
        const std::size_t at = static_cast<std::size_t>(place) * code_bits + bit;
        code |= static_cast<std::uint32_t>(bytes[first + at / 8] >> at % 8 & 1) << bit;
      }
      if (code_signed && (code >> (code_bits - 1) & 1u) != 0) code |= ~0u << code_bits;
      port.put(static_cast<std::size_t>(place) * lane_bits, lane_bits, code);
    }
    return port;
  };
}

// The pixels' elements of a word, column after column; zero in lanes beyond the run.
inline ReadPort windows(const RandomTile& drawn, int rows, int columns, int lanes, int lane_bits) {
  namespace array = accelerators::array;
  return [=, &drawn](const Read& read) {
    const accelerators::MatrixTile& tile = drawn.tile;
    const array::Runs runs = array::runs(tile);
    const int words_per_run = (runs.length + lanes - 1) / lanes;
    int first_output = tile.group_phase;
    const std::vector<int> blocks = array::row_blocks(tile, rows);
    for (int i = 0; i < read.row_block; ++i) first_output += blocks[static_cast<std::size_t>(i)];
    const int first_channel = first_output / tile.group_outputs * tile.group_channels;
    PortBits port;
    for (int column = 0; column < columns; ++column) {
      const int pixel = read.column_block * columns + column;
      if (pixel >= tile.rows * tile.columns) break;
      for (int lane = 0; lane < lanes; ++lane) {
        const int of_run = read.word % words_per_run * lanes + lane;
        int value = 0;
        if (of_run < runs.length) {
          const int element = read.word / words_per_run * runs.length + of_run;
          const int channel = element % tile.group_channels;
          const int window_x = element / tile.group_channels % tile.window_width;
          const int window_y = element / tile.group_channels / tile.window_width;
          const int y = pixel / tile.columns * tile.stride_y + window_y * tile.dilation_y;
          const int x = pixel % tile.columns * tile.stride_x + window_x * tile.dilation_x;
          value = drawn.activations[static_cast<std::size_t>((y * tile.input_width + x) * tile.input_channels +
                                                             first_channel + channel)];
        }
        port.put(static_cast<std::size_t>(column * lanes + lane) * lane_bits, lane_bits,
                 static_cast<std::uint32_t>(value));
      }
    }
    return port;
  };
}

}  // namespace lutra::test
