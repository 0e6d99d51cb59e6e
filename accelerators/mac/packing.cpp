#include "accelerators/mac/packing.h"

#include <fmt/format.h>

#include <algorithm>

#include "accelerators/mac/mapping.h"
#include "software/common/error.h"

namespace lutra::accelerators::mac {

namespace {

std::size_t word_bytes(int rows, int lanes, int bits) {
  return (static_cast<std::size_t>(rows) * lanes * bits + 7) / 8;
}

std::size_t words_bytes(const std::vector<int>& blocks, std::uint64_t passes, int lanes, int bits) {
  std::size_t bytes = 0;
  for (const int rows : blocks) bytes += passes * word_bytes(rows, lanes, bits);
  return bytes;
}

std::vector<int> row_blocks_of(const WeightBlock& block, int rows) {
  const int group_outputs = block.group_outputs > 0 ? block.group_outputs : std::max(block.channels, 1);
  return row_blocks(block.channels, group_outputs, block.group_phase, rows);
}

void check_values(const WeightBlock& block, int bits) {
  const std::size_t expected =
      static_cast<std::size_t>(block.channels) * block.group_channels * block.window_height * block.window_width;
  if (block.values.size() != expected)
    throw Error(fmt::format("a weight block of {} x {} x {} x {} needs {} values, not {}", block.channels,
                            block.group_channels, block.window_height, block.window_width, expected,
                            block.values.size()));
  const int limit = 1 << (bits - 1);
  for (const std::int16_t value : block.values)
    if (value < -limit || value >= limit)
      throw Error(fmt::format("weight {} does not fit {} signed bits", value, bits));
}

void write_bits(std::span<std::uint8_t> bytes, std::size_t bit, int bits, std::int16_t value) {
  for (int i = 0; i < bits; ++i, ++bit)
    if ((static_cast<unsigned>(value) >> i & 1u) != 0) bytes[bit / 8] |= static_cast<std::uint8_t>(1u << bit % 8);
}

std::int16_t read_bits(std::span<const std::uint8_t> bytes, std::size_t bit, int bits) {
  unsigned window = bytes[bit / 8];
  if (bit % 8 + bits > 8) window |= static_cast<unsigned>(bytes[bit / 8 + 1]) << 8;
  const int value = static_cast<int>(window >> bit % 8 & ((1u << bits) - 1));
  const int sign = 1 << (bits - 1);
  return static_cast<std::int16_t>((value ^ sign) - sign);
}

// Calls visit(row, run, first element, elements, first bit) for each row's share of each word of one row block.
template <typename Visit>
void for_each_share(int rows, const Runs& runs, int lanes, int bits, Visit visit) {
  std::size_t word = 0;
  for (int run = 0; run < runs.count; ++run)
    for (int first = 0; first < runs.length; first += lanes) {
      for (int row = 0; row < rows; ++row)
        visit(row, run, first, std::min(lanes, runs.length - first),
              word * 8 + static_cast<std::size_t>(row) * lanes * bits);
      word += word_bytes(rows, lanes, bits);
    }
}

}  // namespace

std::size_t packed_weight_bytes(const WeightBlock& block, int bits, int rows, int lanes) {
  return words_bytes(row_blocks_of(block, rows), passes(runs(block), lanes), lanes, bits);
}

std::size_t weight_word_bytes(const MatrixTile& tile, int rows, int lanes) {
  return words_bytes(row_blocks(tile.channels, tile.group_outputs, tile.group_phase, rows), passes(runs(tile), lanes),
                     lanes, tile.weight_bits);
}

std::vector<std::uint8_t> pack_weights(const WeightBlock& block, int bits, int rows, int lanes) {
  check_values(block, bits);
  const Runs dot_product = runs(block);
  const std::uint64_t block_passes = passes(dot_product, lanes);
  const std::size_t window = static_cast<std::size_t>(block.window_height) * block.window_width;
  std::vector<std::uint8_t> bytes(packed_weight_bytes(block, bits, rows, lanes));
  std::span<std::uint8_t> rest = bytes;
  std::size_t first_channel = 0;
  for (const int used_rows : row_blocks_of(block, rows)) {
    for_each_share(used_rows, dot_product, lanes, bits, [&](int row, int run, int first, int count, std::size_t bit) {
      for (int i = 0; i < count; ++i, bit += bits) {
        const std::size_t element = static_cast<std::size_t>(run) * dot_product.length + first + i;
        const std::size_t channel = element % block.group_channels;
        const std::size_t pixel = element / block.group_channels;
        write_bits(rest, bit, bits,
                   block.values[((first_channel + row) * block.group_channels + channel) * window + pixel]);
      }
    });
    rest = rest.subspan(block_passes * word_bytes(used_rows, lanes, bits));
    first_channel += used_rows;
  }
  return bytes;
}

void unpack_weights(const MatrixTile& tile, int rows, int lanes, std::span<const std::uint8_t> words,
                    std::span<std::int16_t> values, std::size_t stride) {
  const Runs dot_product = runs(tile);
  const std::uint64_t block_passes = passes(dot_product, lanes);
  const int bits = tile.weight_bits;
  std::size_t first_channel = 0;
  for (const int used_rows : row_blocks(tile.channels, tile.group_outputs, tile.group_phase, rows)) {
    for_each_share(used_rows, dot_product, lanes, bits, [&](int row, int run, int first, int count, std::size_t bit) {
      std::int16_t* target =
          &values[(first_channel + row) * stride + static_cast<std::size_t>(run) * dot_product.length + first];
      for (int i = 0; i < count; ++i, bit += bits) target[i] = read_bits(words, bit, bits);
    });
    words = words.subspan(block_passes * word_bytes(used_rows, lanes, bits));
    first_channel += used_rows;
  }
}

}  // namespace lutra::accelerators::mac
