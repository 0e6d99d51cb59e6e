#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "accelerators/interface/commands.h"

namespace lutra::test {

// A tile of the simplest kind: 8-bit unsigned input, one pixel windows, codes and nothing else written.
inline lutra_tile simple_tile(lutra_tile_kind kind, int rows, int columns, int channels) {
  lutra_tile tile{};
  tile.command = {LUTRA_TILE, 0, sizeof(lutra_tile)};
  tile.kind = static_cast<std::uint16_t>(kind);
  tile.flags = LUTRA_TILE_CODES;
  tile.rows = static_cast<std::uint16_t>(rows);
  tile.columns = static_cast<std::uint16_t>(columns);
  tile.channels = static_cast<std::uint16_t>(channels);
  tile.window_height = tile.window_width = 1;
  tile.stride_y = tile.stride_x = tile.dilation_y = tile.dilation_x = 1;
  tile.group_channels = tile.channels;
  tile.group_outputs = tile.channels;
  tile.input = {0, tile.columns, tile.channels, 8, 0, tile.channels};
  tile.weight_bits = 8;
  tile.skip = {0, tile.columns, tile.channels, 8, 0, tile.channels};
  tile.skip_stride_y = tile.skip_stride_x = 1;
  tile.code_low = 0;
  tile.code_high = 255;
  tile.code_bits = 8;
  return tile;
}

inline lutra_requantise requantise(std::uint32_t multiplier, std::int64_t bias, int shift) {
  return lutra_requantise_of(multiplier, bias, static_cast<std::uint8_t>(shift));
}

inline void put(std::vector<std::uint8_t>& bytes, std::size_t offset, const lutra_requantise& entry) {
  std::memcpy(&bytes[offset], &entry, sizeof entry);
}

}  // namespace lutra::test
