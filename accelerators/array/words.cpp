#include "accelerators/array/words.h"

#include <fmt/format.h>

#include <algorithm>

#include "accelerators/array/runs.h"
#include "software/common/error.h"

namespace lutra::accelerators::array {

namespace {

std::size_t word_bytes(int rows, int lanes, int bits) {
  return (static_cast<std::size_t>(rows) * lanes * bits + 7) / 8;
}

// Bytes of all words that hold one word of elements of `rows` rows.
std::size_t words_of_lanes(int rows, const WordLayout& layout) {
  return layout.planes_apart ? static_cast<std::size_t>(layout.bits) * word_bytes(rows, layout.lanes, 1)
                             : word_bytes(rows, layout.lanes, layout.bits);
}

std::size_t all_bytes(const std::vector<int>& blocks, const Runs& runs, const WordLayout& layout) {
  std::size_t bytes = 0;
  for (const int rows : blocks) bytes += words(runs, layout.lanes) * words_of_lanes(rows, layout);
  return bytes;
}

// Calls visit(row, element, bit of the code, bit of the words) for every bit of a row block.
template <typename Visit>
void for_each_bit(int rows, const Runs& runs, const WordLayout& layout, Visit visit) {
  std::size_t first_bit = 0;
  for (int run = 0; run < runs.count; ++run)
    for (int first = 0; first < runs.length; first += layout.lanes) {
      const int count = std::min(layout.lanes, runs.length - first);
      for (int row = 0; row < rows; ++row)
        for (int lane = 0; lane < count; ++lane) {
          const std::size_t element = static_cast<std::size_t>(run) * runs.length + first + lane;
          const std::size_t place = static_cast<std::size_t>(row) * layout.lanes + lane;
          for (int bit = 0; bit < layout.bits; ++bit)
            visit(row, element, bit,
                  first_bit + (layout.planes_apart ? bit * word_bytes(rows, layout.lanes, 1) * 8 + place
                                                   : place * layout.bits + bit));
        }
      first_bit += words_of_lanes(rows, layout) * 8;
    }
}

}  // namespace

void check_block(const WeightBlock& block) {
  const std::size_t expected =
      static_cast<std::size_t>(block.channels) * block.group_channels * block.window_height * block.window_width;
  if (block.values.size() != expected)
    throw Error(fmt::format("a weight block of {} x {} x {} x {} needs {} values, not {}", block.channels,
                            block.group_channels, block.window_height, block.window_width, expected,
                            block.values.size()));
}

std::size_t words_bytes(const WeightBlock& block, const WordLayout& layout) {
  return all_bytes(row_blocks(block, layout.rows), runs(block), layout);
}

std::size_t words_bytes(const MatrixTile& tile, const WordLayout& layout) {
  return all_bytes(row_blocks(tile, layout.rows), runs(tile), layout);
}

std::vector<std::uint8_t> pack_words(const WeightBlock& block, const WordLayout& layout,
                                     std::span<const std::uint8_t> codes) {
  check_block(block);
  if (codes.size() != block.values.size())
    throw Error(fmt::format("{} codes for {} weights", codes.size(), block.values.size()));
  const Runs dot_product = runs(block);
  const std::size_t window = static_cast<std::size_t>(block.window_height) * block.window_width;
  std::vector<std::uint8_t> bytes(words_bytes(block, layout));
  std::span<std::uint8_t> rest = bytes;
  std::size_t first_channel = 0;
  for (const int used_rows : row_blocks(block, layout.rows)) {
    for_each_bit(used_rows, dot_product, layout, [&](int row, std::size_t element, int bit, std::size_t place) {
      const std::size_t channel = element % block.group_channels;
      const std::size_t pixel = element / block.group_channels;
      const unsigned code = codes[((first_channel + row) * block.group_channels + channel) * window + pixel];
      if ((code >> bit & 1u) != 0) rest[place / 8] |= static_cast<std::uint8_t>(1u << place % 8);
    });
    rest = rest.subspan(words(dot_product, layout.lanes) * words_of_lanes(used_rows, layout));
    first_channel += used_rows;
  }
  return bytes;
}

void unpack_words(const MatrixTile& tile, const WordLayout& layout, std::span<const std::uint8_t> words_of_tile,
                  std::span<std::uint8_t> codes, std::size_t stride) {
  const Runs dot_product = runs(tile);
  std::size_t first_channel = 0;
  for (const int used_rows : row_blocks(tile, layout.rows)) {
    for (int row = 0; row < used_rows; ++row)
      std::fill_n(codes.begin() + static_cast<std::ptrdiff_t>((first_channel + row) * stride), dot_product.elements(),
                  std::uint8_t{0});
    for_each_bit(used_rows, dot_product, layout, [&](int row, std::size_t element, int bit, std::size_t place) {
      const unsigned set = words_of_tile[place / 8] >> place % 8 & 1u;
      std::uint8_t& code = codes[(first_channel + row) * stride + element];
      code = static_cast<std::uint8_t>(code | set << bit);
    });
    words_of_tile = words_of_tile.subspan(words(dot_product, layout.lanes) * words_of_lanes(used_rows, layout));
    first_channel += used_rows;
  }
}

}  // namespace lutra::accelerators::array
