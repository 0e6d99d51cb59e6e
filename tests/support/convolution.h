#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "tests/accelerators/engine/command_stream.h"
#include "tests/accelerators/engine/engine_bench.h"
#include "tests/accelerators/engine/packed_pixels.h"
#include "tests/support/tiles.h"

namespace lutra::test {

// A 3 x 3 convolution with padding over 8 x 8 pixels, in four tiles of two output rows that alternate between the
// halves of the activation and the output buffer, and what it should give.
class Convolution {
 public:
  static constexpr int size = 8, inputs = 4, outputs = 20, tiles = 4;
  static constexpr std::uint32_t input_address = 0x80000000, weight_address = 0x80001000,
                                 parameter_address = 0x80002000, output_address = 0x80003000;
  static constexpr std::uint32_t half = 8192;

  Convolution() : input_(size * size * inputs), weights_(outputs * inputs * 9), scale_(outputs) {
    Random random(11);
    for (int& value : input_) value = random.code(8, false);
    for (auto& value : weights_) value = static_cast<std::int16_t>(random.code(8, true));
    for (auto& entry : scale_)
      entry = requantise(static_cast<std::uint16_t>(random.between(1, 400)), random.between(-90000, 90000), 16);
  }

  void put_data(Memory& memory) const {
    memory.put(input_address, pack_pixels(input_, inputs, 8));
    memory.put(weight_address, packed_weights());
    std::vector<std::uint8_t> parameters(outputs * sizeof(lutra_requantise));
    for (std::size_t k = 0; k < scale_.size(); ++k) put(parameters, k * sizeof(lutra_requantise), scale_[k]);
    memory.put(parameter_address, parameters);
  }

  lutra_tile tile(int index) const {
    lutra_tile tile = simple_tile(LUTRA_TILE_MATRIX, 2, size, outputs);
    tile.window_height = tile.window_width = 3;
    tile.group_channels = inputs;
    tile.input = {index % 2 * half, size + 2, inputs, 8, 0, inputs};
    tile.code_offset = index % 2 * half;
    return tile;
  }

  CommandStream stream() const {
    CommandStream stream;
    stream.load(weight_load(LUTRA_BUFFER_WEIGHT, 0));
    return stream_behind(stream, 0);
  }

  std::uint32_t weight_bytes() const { return outputs * inputs * 9; }
  lutra_transfer weight_load(lutra_buffer buffer, std::uint32_t offset) const {
    return bytes_of(buffer, offset, weight_address, weight_bytes());
  }

  // The same with weights that lie in the weight memory.
  CommandStream resident_stream() const { return stream_behind({}, LUTRA_TILE_RESIDENT_WEIGHTS); }

 private:
  CommandStream stream_behind(CommandStream stream, unsigned flags) const {
    stream.load(bytes_of(LUTRA_BUFFER_PARAMETER, 0, parameter_address, outputs * sizeof(lutra_requantise)));
    for (int i = 0; i < tiles; ++i) {
      const unsigned reuses = i >= 2 ? LUTRA_WAIT_NEXT : 0;
      stream.load(rows_of_input(i), reuses | LUTRA_SIGNAL_NEXT);
      lutra_tile command = tile(i);
      command.flags = static_cast<std::uint16_t>(command.flags | flags);
      stream.tile(command, reuses | LUTRA_WAIT_PREVIOUS | LUTRA_SIGNAL_PREVIOUS | LUTRA_SIGNAL_NEXT);
      const std::uint32_t bytes = 2 * size * outputs;
      stream.store(bytes_of(LUTRA_BUFFER_OUTPUT, i % 2 * half, output_address + i * bytes, bytes),
                   LUTRA_WAIT_PREVIOUS | LUTRA_SIGNAL_PREVIOUS);
    }
    return stream.finish();
  }

 public:
  std::vector<std::uint8_t> expected() const {
    std::vector<std::uint8_t> codes;
    for (int y = 0; y < size; ++y)
      for (int x = 0; x < size; ++x)
        for (int k = 0; k < outputs; ++k) codes.push_back(expected_code(y, x, k));
    return codes;
  }

 private:
  // The words of accelerators/mac/README.md for 16 rows and one lane: blocks of 16 and of 4 outputs.
  std::vector<std::uint8_t> packed_weights() const {
    std::vector<std::uint8_t> bytes;
    for (int first = 0; first < outputs; first += 16)
      for (int pixel = 0; pixel < 9; ++pixel)
        for (int c = 0; c < inputs; ++c)
          for (int k = first; k < std::min(first + 16, outputs); ++k)
            bytes.push_back(
                static_cast<std::uint8_t>(weights_[static_cast<std::size_t>((k * inputs + c) * 9 + pixel)]));
    return bytes;
  }

  lutra_transfer rows_of_input(int index) const {
    lutra_transfer t{};
    const int first = std::max(2 * index - 1, 0);
    const int last = std::min(2 * index + 2, size - 1);
    t.buffer = LUTRA_BUFFER_ACTIVATION;
    t.offset = index % 2 * half;
    t.address = input_address + static_cast<std::uint32_t>(first * size * inputs);
    t.rows = static_cast<std::uint32_t>(last - first + 1);
    t.columns = size;
    t.element_bytes = t.column_pitch = inputs;
    t.row_pitch = size * inputs;
    t.pad_left = t.pad_right = 1;
    t.pad_top = index == 0;
    t.pad_bottom = index == tiles - 1;
    return t;
  }

  std::uint8_t expected_code(int y, int x, int k) const {
    std::int64_t sum = 0;
    for (int c = 0; c < inputs; ++c)
      for (int r = 0; r < 3; ++r)
        for (int s = 0; s < 3; ++s) {
          const int row = y + r - 1, column = x + s - 1;
          if (row < 0 || row >= size || column < 0 || column >= size) continue;
          sum += std::int64_t{input_[static_cast<std::size_t>((row * size + column) * inputs + c)]} *
                 weights_[static_cast<std::size_t>((k * inputs + c) * 9 + r * 3 + s)];
        }
    const lutra_requantise& scale = scale_[static_cast<std::size_t>(k)];
    const std::int64_t bias = lutra_bias(&scale);
    const std::int64_t stream =
        std::clamp<std::int64_t>((sum * std::int64_t{lutra_multiplier(&scale)} + bias) >> scale.shift, -32768, 32767);
    return static_cast<std::uint8_t>(std::clamp<std::int64_t>(stream, 0, 255));
  }

  std::vector<int> input_;
  std::vector<std::int16_t> weights_;
  std::vector<lutra_requantise> scale_;
};

}  // namespace lutra::test
