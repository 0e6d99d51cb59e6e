#include <gtest/gtest.h>

#include "accelerators/array/runs.h"
#include "accelerators/family/timing.h"
#include "buffer_16x1.h"
#include "buffer_1x2.h"
#include "buffer_3x5.h"
#include "buffer_8x4.h"
#include "buffer_broken.h"
#include "tests/accelerators/rtl/activation_buffer/buffer_bench.h"

namespace lutra::test {
namespace {

using accelerators::ActivationLayout;
using accelerators::EngineConfig;

template <class Model>
EngineConfig engine() {
  EngineConfig config;
  config.columns = Model::COLUMNS;
  config.lanes = Model::WORD_BITS / 8;
  config.post_lanes = 16;
  config.activation_buffer_bytes = Model::COLUMNS * Model::ROW_BITS / 8 * Model::DEPTH;
  return config;
}

struct Found {
  int tiles = 0;
  int words = 0;      // that differ
  int conflicts = 0;  // two reads of a bank in a cycle
  int cycles = 0;     // tiles whose reads or beats are not as many as the model says
};

// Counts a step's reads by bank, as the layout says, from the places themselves.
class Banks {
 public:
  Banks(const ActivationLayout& layout, Found& found) : layout_(layout), found_(found) {}
  void begin() { rows_.assign(static_cast<std::size_t>(layout_.banks.count), -1); }
  void read(std::int64_t y, std::int64_t x, std::int64_t row) {
    const auto place = layout_.place(y, x, row);
    auto& held = rows_[static_cast<std::size_t>(place.bank)];
    found_.conflicts += held >= 0;
    held = place.row;
  }

 private:
  const ActivationLayout& layout_;
  Found& found_;
  std::vector<std::int64_t> rows_;
};

struct Output {
  int y = 0;
  int x = 0;
};
Output output(const lutra_tile& tile, int index) { return {index / tile.columns, index % tile.columns}; }

// One word of a window: the cell it lies in, from the output's first on, and its first element there.
struct Word {
  int y = 0;  // pixels below the region's first row
  int x = 0;  // pixels right of the output's cell
  int element = 0;
  int count = 0;
};

std::vector<Word> words(const lutra_tile& tile, const ActivationLayout& layout, int group, int lanes) {
  const auto runs = accelerators::array::runs(accelerators::matrix_tile(tile));
  const int in_row = runs.count / tile.window_height;
  std::vector<Word> all;
  for (int run = 0; run < runs.count; ++run)
    for (int first = 0; first < runs.length; first += lanes) {
      Word word{.y = tile.lead_y + run / in_row * tile.dilation_y, .count = std::min(lanes, runs.length - first)};
      if (layout.unfold > 0) {
        word.element = first;
      } else {
        const int pixel = in_row == 1 ? first / tile.group_channels : run % in_row;
        word.x = tile.lead_x + pixel * tile.dilation_x;
        word.element = group * tile.group_channels + (in_row == 1 ? first % tile.group_channels : first);
      }
      all.push_back(word);
    }
  return all;
}

// Element `index` of the word of an output, from the region itself.
std::uint32_t expected(const RandomRegion& region, const ActivationLayout& layout, const Word& word, Output at,
                       int index) {
  const lutra_tile& tile = region.tile;
  const int y = at.y * tile.stride_y + word.y;
  if (layout.unfold == 0) return region.code(y, at.x * tile.stride_x + word.x, word.element + index);
  const int element = word.element + index;
  return region.code(y, tile.lead_x + at.x * tile.stride_x + element / tile.input.channels,
                     element % tile.input.channels);
}

template <class Model>
void read_matrix(BufferBench<Model>& twin, const RandomRegion& region, const ActivationLayout& layout, int lanes,
                 Found& found) {
  const lutra_tile& tile = region.tile;
  const int outputs = tile.rows * tile.columns;
  Banks banks(layout, found);
  twin.prepare(tile, Model::COLUMNS, false);
  for (int group = 0; group < tile.channels; ++group, twin.restart())
    for (int first = 0; first < outputs; first += Model::COLUMNS, twin.advance())
      for (const Word& word : words(tile, layout, group, lanes)) {
        const std::int64_t bit = std::int64_t{word.element} * tile.input.bits;
        twin.read(word.y, word.x, bit);
        banks.begin();
        for (int c = 0; c < Model::COLUMNS && first + c < outputs; ++c) {
          const Output at = output(tile, first + c);
          banks.read(at.y * tile.stride_y + word.y, layout.unfold > 0 ? at.x : at.x * tile.stride_x + word.x,
                     layout.row_of(bit));
          for (int i = 0; i < word.count; ++i)
            found.words += twin.word(c, i * tile.input.bits, tile.input.bits) != expected(region, layout, word, at, i);
        }
      }
}

// Steps of a pool as vector_cycles counts them: words of one pixel, or one word of several.
template <class Model>
void read_pool(BufferBench<Model>& twin, const RandomRegion& region, const ActivationLayout& layout,
               const EngineConfig& config, Found& found) {
  const lutra_tile& tile = region.tile;
  const int outputs = tile.rows * tile.columns;
  const auto step = accelerators::vector_step(tile, layout.banks, config.post_lanes);
  const int cell_words = (tile.channels + step.values - 1) / step.values;
  const int spread_steps = outputs * ((cell_words + step.words - 1) / step.words);
  const bool spread = spread_steps < (outputs + step.words - 1) / step.words * cell_words;
  const int block = spread ? 1 : step.words;
  Banks banks(layout, found);
  std::uint64_t reads = 0;
  twin.prepare(tile, block, spread);
  for (int first = 0; first < outputs; first += block, twin.advance())
    for (int word = 0; word < cell_words; word += spread ? step.words : 1)
      for (int r = 0; r < tile.window_height; ++r)
        for (int s = 0; s < tile.window_width; ++s, ++reads) {
          const int y = tile.lead_y + r * tile.dilation_y;
          const int x = tile.lead_x + s * tile.dilation_x;
          const auto bit_of = [&](int w) { return std::int64_t{w} * step.values * tile.input.bits; };
          twin.read(y, x, bit_of(word));
          banks.begin();
          for (int c = 0; c < step.words; ++c) {
            const int index = spread ? first : first + c;
            const int of_cell = spread ? word + c : word;
            if (index >= outputs || of_cell >= cell_words) continue;
            const Output at = output(tile, index);
            banks.read(at.y * tile.stride_y + y, at.x * tile.stride_x + x, layout.row_of(bit_of(of_cell)));
            for (int i = 0; i < step.values && of_cell * step.values + i < tile.channels; ++i) {
              const auto in_row = layout.bit_in_row(bit_of(of_cell)) + i * tile.input.bits;
              found.words += twin.row(c, in_row, tile.input.bits) !=
                             region.code(at.y * tile.stride_y + y, at.x * tile.stride_x + x, of_cell * step.values + i);
            }
          }
        }
  found.cycles += accelerators::vector_cycles(tile, layout.banks, config.post_lanes) !=
                  1 + reads + accelerators::post_processor_stages;
}

template <class Model>
Found lockstep(std::uint32_t seed, int tiles) {
  const EngineConfig config = engine<Model>();
  const auto family = accelerators::make_family(config);
  const auto banks = accelerators::activation_banks(config, *family);
  EXPECT_EQ(banks.row_bits(), Model::ROW_BITS);
  EXPECT_EQ(banks.beat_rows(), Model::BEAT);
  Random random(seed);
  BufferBench<Model> twin({});
  Found found;
  while (found.tiles < tiles) {
    const RandomRegion region = random_region(random, config, *family);
    const ActivationLayout layout = activation_layout(region.tile, config, *family);
    const std::int64_t rows = layout.bytes(region.height) / banks.stripe_bytes();
    if (rows > Model::DEPTH) continue;
    ++found.tiles;
    twin.set_layout(layout, random.between(0, static_cast<int>(Model::DEPTH - rows)));
    found.cycles += twin.load(region) > write_cycles(region.load, banks);
    if (region.tile.kind == LUTRA_TILE_MATRIX)
      read_matrix(twin, region, layout, config.lanes, found);
    else
      read_pool(twin, region, layout, config, found);
  }
  return found;
}

template <class Model>
void expect_equal(std::uint32_t seed) {
  const Found found = lockstep<Model>(seed, rtl_tiles(300));
  EXPECT_EQ(found.words, 0) << "seed " << seed;
  EXPECT_EQ(found.conflicts, 0) << "seed " << seed;
  EXPECT_EQ(found.cycles, 0) << "seed " << seed;
}

TEST(ActivationBufferTwin, ReadsWhatWasLoadedWithOneReadPerBank) {
  expect_equal<buffer_16x1>(21);
  expect_equal<buffer_8x4>(22);
}

TEST(ActivationBufferTwin, TakesColumnsThatAreNoPowerOfTwo) { expect_equal<buffer_3x5>(23); }

TEST(ActivationBufferTwin, TakesASingleColumn) { expect_equal<buffer_1x2>(24); }

TEST(ActivationBufferTwin, ALostStripeIsFound) { EXPECT_GT(lockstep<buffer_broken>(22, 50).words, 0); }

}  // namespace
}  // namespace lutra::test
