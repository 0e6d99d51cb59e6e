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

// Calls visit(row, first element, how many, first bit of the words) for every word of lanes of a row block.
template <typename Visit>
void for_each_word(int rows, const Runs& runs, const WordLayout& layout, Visit visit) {
  const int row_bits = layout.planes_apart ? layout.lanes : layout.lanes * layout.bits;
  std::size_t first_bit = 0;
  for (int run = 0; run < runs.count; ++run)
    for (int first = 0; first < runs.length; first += layout.lanes) {
      const std::size_t element = static_cast<std::size_t>(run) * runs.length + first;
      for (int row = 0; row < rows; ++row)
        visit(row, element, std::min(layout.lanes, runs.length - first),
              first_bit + static_cast<std::size_t>(row) * row_bits);
      first_bit += words_of_lanes(rows, layout) * 8;
    }
}

// The same for every bit of a code: visit(row, element, bit of the code, bit of the words).
template <typename Visit>
void for_each_bit(int rows, const Runs& runs, const WordLayout& layout, Visit visit) {
  const std::size_t code_step = layout.planes_apart ? 1 : layout.bits;
  const std::size_t bit_step = layout.planes_apart ? word_bytes(rows, layout.lanes, 1) * 8 : 1;
  for_each_word(rows, runs, layout, [&](int row, std::size_t element, int count, std::size_t place) {
    for (int lane = 0; lane < count; ++lane)
      for (int bit = 0; bit < layout.bits; ++bit)
        visit(row, element + lane, bit, place + lane * code_step + bit * bit_step);
  });
}

// `bits` bits, 8 at most, from bit `place` on.
std::uint8_t code_at(std::span<const std::uint8_t> bytes, std::size_t place, int bits) {
  const std::size_t within = place % 8;
  unsigned code = bytes[place / 8] >> within;
  if (within + bits > 8) code |= static_cast<unsigned>(bytes[place / 8 + 1]) << (8 - within);
  return static_cast<std::uint8_t>(code & ((1u << bits) - 1));
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
    const std::size_t plane_bits = word_bytes(used_rows, layout.lanes, 1) * 8;
    for_each_word(used_rows, dot_product, layout, [&](int row, std::size_t element, int count, std::size_t place) {
      const auto word = codes.subspan((first_channel + row) * stride + element, static_cast<std::size_t>(count));
      if (layout.planes_apart) {
        std::fill(word.begin(), word.end(), std::uint8_t{0});
        for (int bit = 0; bit < layout.bits; ++bit)
          for (std::size_t lane = 0; lane < word.size(); ++lane)
            word[lane] |= static_cast<std::uint8_t>(code_at(words_of_tile, place + bit * plane_bits + lane, 1) << bit);
      } else if (layout.bits == 8) {
        const std::uint8_t* codes_of_word = &words_of_tile[place / 8];
        for (std::size_t lane = 0; lane < word.size(); ++lane) word[lane] = codes_of_word[lane];
      } else {
        for (std::size_t lane = 0; lane < word.size(); ++lane)
          word[lane] = code_at(words_of_tile, place + lane * layout.bits, layout.bits);
      }
    });
    words_of_tile = words_of_tile.subspan(words(dot_product, layout.lanes) * words_of_lanes(used_rows, layout));
    first_channel += used_rows;
  }
}

}  // namespace lutra::accelerators::array
