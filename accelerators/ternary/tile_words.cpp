#include "accelerators/ternary/tile_words.h"

#include <algorithm>

#include "accelerators/array/runs.h"
#include "accelerators/array/words.h"
#include "software/common/arithmetic.h"

namespace lutra::accelerators::ternary {

namespace {

constexpr std::uint8_t not_zero = 1;
constexpr std::uint8_t negative = 2;

Format format_of(const MatrixTile& tile) { return Format::of(tile.weight_format).value_or(Format{}); }

// One row block as a block of its own.
template <typename Shape>
Shape part(const Shape& whole, int rows) {
  Shape one = whole;
  one.input_channels = whole.input_channels > 0 ? whole.input_channels : whole.group_channels;
  one.channels = one.group_outputs = rows;
  one.group_phase = 0;
  return one;
}

array::WordLayout plane_layout(const Layout& layout, WeightForm form) {
  return {layout.rows, layout.lanes, plane_code_bits(form), false};
}

std::size_t shift_bytes(WeightForm form, int rows) { return form == WeightForm::shifted ? rows : 0; }

// Whole windows.
std::size_t bitmap_bytes(const Layout& layout, std::uint64_t words) {
  return layout.bitmaps ? divide_up(words, scan_bits) * (scan_bits / 8) : 0;
}

template <typename Shape>
std::size_t all_bytes(const Shape& whole, const WeightShape& shape, const Layout& layout) {
  const std::uint64_t words = array::words(array::runs(whole), layout.lanes);
  std::size_t bytes = 0;
  for (const int rows : array::row_blocks(whole, layout.rows))
    bytes += shift_bytes(shape.form, rows) + bitmap_bytes(layout, words);
  return bytes + weight_planes(shape.form, shape.bits) * array::words_bytes(whole, plane_layout(layout, shape.form));
}

// Calls visit(word, first element, elements) for every word of a dot product.
template <typename Visit>
void for_each_word(const array::Runs& runs, int lanes, Visit visit) {
  std::size_t word = 0;
  for (int run = 0; run < runs.count; ++run)
    for (int first = 0; first < runs.length; first += lanes)
      visit(word++, static_cast<std::size_t>(run) * runs.length + first, std::min(lanes, runs.length - first));
}

// Codes of a row block, in the order of WeightBlock::values, to one bit per word.
std::vector<std::uint8_t> bitmap(const WeightBlock& block, const Layout& layout, std::span<const std::uint8_t> codes) {
  const array::Runs runs = array::runs(block);
  const std::size_t window = static_cast<std::size_t>(block.window_height) * block.window_width;
  std::vector<std::uint8_t> bits(bitmap_bytes(layout, array::words(runs, layout.lanes)));
  for_each_word(runs, layout.lanes, [&](std::size_t word, std::size_t first, int count) {
    for (int row = 0; row < block.channels; ++row)
      for (std::size_t i = first; i < first + count; ++i) {
        const std::size_t channel = static_cast<std::size_t>(row) * block.group_channels + i % block.group_channels;
        if (codes[channel * window + i / block.group_channels] != 0)
          bits[word / 8] |= static_cast<std::uint8_t>(1u << word % 8);
      }
  });
  return bits;
}

// Reads a bitmap into the block's counts and clears the codes of the words it leaves out.
void apply_bitmap(const MatrixTile& tile, const Layout& layout, std::span<const std::uint8_t> bits,
                  std::size_t first_output, BlockWords& block, TileWords& tile_words) {
  std::vector<std::uint64_t> windows(divide_up(block.words, scan_bits));
  block.occupied = block.elements = block.sweep = 0;
  for_each_word(array::runs(tile), layout.lanes, [&](std::size_t word, std::size_t first, int count) {
    if ((bits[word / 8] >> word % 8 & 1) != 0) {
      ++windows[word / scan_bits];
      ++block.occupied;
      block.elements += count;
      return;
    }
    for (std::size_t row = 0; row < static_cast<std::size_t>(block.rows) * tile_words.planes; ++row)
      std::fill_n(&tile_words.codes[(first_output * tile_words.planes + row) * tile_words.stride + first], count,
                  std::uint8_t{0});
  });
  for (const std::uint64_t occupied : windows) block.sweep += std::max<std::uint64_t>(occupied, 1);
}

}  // namespace

std::vector<BlockWords> full_blocks(const MatrixTile& tile, const Layout& layout) {
  const WeightForm form = format_of(tile).form;
  const array::Runs runs = array::runs(tile);
  const std::uint64_t words = array::words(runs, layout.lanes);
  std::vector<BlockWords> blocks;
  for (const int rows : array::row_blocks(tile, layout.rows)) {
    BlockWords& block = blocks.emplace_back();
    block.rows = rows;
    block.words = block.sweep = block.occupied = words;
    block.elements = static_cast<std::uint64_t>(runs.elements());
    block.word_bytes = divide_up(static_cast<std::size_t>(rows) * layout.lanes * plane_code_bits(form), 8);
    block.shift_bytes = shift_bytes(form, rows);
    block.bitmap_bytes = bitmap_bytes(layout, words);
  }
  return blocks;
}

std::vector<BlockWords> sparsest_blocks(const MatrixTile& tile, const Layout& layout) {
  std::vector<BlockWords> blocks = full_blocks(tile, layout);
  if (!layout.bitmaps) return blocks;
  for (BlockWords& block : blocks) {
    block.occupied = block.elements = 0;
    block.sweep = divide_up(block.words, scan_bits);
  }
  return blocks;
}

int port_bytes(const Layout& layout) { return std::max(scan_bits, layout.rows * layout.lanes * code_bits + 7) / 8; }

std::uint64_t header_cycles(const BlockWords& block, const Layout& layout) {
  return divide_up(block.shift_bytes, port_bytes(layout)) + divide_up(block.bitmap_bytes * 8, scan_bits);
}

std::size_t tile_bytes(const MatrixTile& tile, const Layout& layout) {
  return all_bytes(tile, {format_of(tile).form, tile.weight_bits}, layout);
}

std::size_t block_bytes(const WeightBlock& block, const WeightShape& shape, const Layout& layout) {
  return all_bytes(block, shape, layout);
}

std::vector<std::uint8_t> pack(const WeightBlock& block, const WeightShape& shape, const Layout& layout,
                               std::span<const std::uint8_t> codes, std::span<const std::uint8_t> shifts) {
  array::check_block(block);
  const std::size_t per_channel = block.values.size() / std::max(block.channels, 1);
  const int planes = weight_planes(shape.form, shape.bits);
  const unsigned mask = (1u << plane_code_bits(shape.form)) - 1;
  std::vector<std::uint8_t> bytes;
  const auto append = [&](const auto& more) { bytes.insert(bytes.end(), more.begin(), more.end()); };
  std::size_t first = 0;
  for (const int rows : array::row_blocks(block, layout.rows)) {
    WeightBlock one = part(block, rows);
    one.values = block.values.subspan(first * per_channel, rows * per_channel);
    const auto block_codes = codes.subspan(first * per_channel, rows * per_channel);
    if (shape.form == WeightForm::shifted) append(shifts.subspan(first, rows));
    if (layout.bitmaps) append(bitmap(one, layout, block_codes));
    std::vector<std::uint8_t> plane_codes(block_codes.size());
    for (int plane = planes - 1; plane >= 0; --plane) {
      std::transform(block_codes.begin(), block_codes.end(), plane_codes.begin(),
                     [&](std::uint8_t code) { return static_cast<std::uint8_t>(code >> plane & mask); });
      append(array::pack_words(one, plane_layout(layout, shape.form), plane_codes));
    }
    first += rows;
  }
  return bytes;
}

TileWords unpack(const MatrixTile& tile, const Layout& layout, std::span<const std::uint8_t> bytes) {
  const WeightForm form = format_of(tile).form;
  TileWords result;
  result.planes = weight_planes(form, tile.weight_bits);
  result.stride = static_cast<std::size_t>(array::runs(tile).elements());
  result.codes.resize(static_cast<std::size_t>(tile.channels) * result.planes * result.stride);
  result.shifts.resize(tile.channels);
  result.blocks = full_blocks(tile, layout);
  std::size_t first = 0;
  std::vector<std::uint8_t> plane_codes;
  for (BlockWords& block : result.blocks) {
    const auto rows = static_cast<std::size_t>(block.rows);
    const MatrixTile one = part(tile, block.rows);
    const auto shifts = bytes.first(block.shift_bytes);
    const auto bits = bytes.subspan(block.shift_bytes, block.bitmap_bytes);
    bytes = bytes.subspan(block.shift_bytes + block.bitmap_bytes);
    plane_codes.resize(rows * result.stride);
    for (int plane = 0; plane < result.planes; ++plane) {
      array::unpack_words(one, plane_layout(layout, form), bytes, plane_codes, result.stride);
      bytes = bytes.subspan(block.words * block.word_bytes);
      const auto sign = static_cast<std::uint8_t>(form == WeightForm::planes && plane == 0 ? negative : 0);
      for (std::size_t row = 0; row < rows; ++row)
        std::transform(&plane_codes[row * result.stride], &plane_codes[row * result.stride] + result.stride,
                       &result.codes[((first + row) * result.planes + plane) * result.stride], [&](std::uint8_t code) {
                         return static_cast<std::uint8_t>((code & not_zero) != 0 ? code | sign : 0);
                       });
    }
    for (std::size_t row = 0; row < shifts.size(); ++row) result.shifts[first + row] = shifts[row] & largest_shift;
    if (layout.bitmaps) apply_bitmap(one, layout, bits, first, block, result);
    first += rows;
  }
  return result;
}

}  // namespace lutra::accelerators::ternary
