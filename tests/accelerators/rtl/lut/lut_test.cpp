#include <gtest/gtest.h>

#include <set>

#include "accelerators/lut/codebook.h"
#include "accelerators/lut/lut.h"
#include "accelerators/lut/tables_timing.h"
#include "codebook.h"
#include "tables_broken.h"
#include "tables_full.h"
#include "tables_half.h"
#include "tests/accelerators/rtl/array_bench.h"

namespace lutra::test {
namespace {

namespace array = accelerators::array;
namespace lut = accelerators::lut;
using accelerators::EngineConfig;

template <class Model>
Differences tables_lockstep(std::uint32_t seed, int tiles) {
  EngineConfig config = engine_config<Model>("lut");
  config.options = {{"group", std::to_string(Model::GROUP)}, {"half_tables", Model::HALF != 0 ? "true" : "false"}};
  const lut::TablesKnobs knobs = lut::read_tables_knobs(config);
  const auto family = accelerators::make_lut(config);
  ArrayBench<Model> twin(config.rows * config.lanes, config.columns * config.lanes * config.activation_bits);
  Random random(seed);
  TileDraw draw;
  draw.activation_bits = config.activation_bits;
  draw.weight_bits = config.weight_bits;
  Differences differences;
  for (int i = 0; i < tiles; ++i) {
    const RandomTile drawn = random_tile(random, draw);
    const int bits = drawn.tile.weight_bits;
    const auto packed = family->pack(drawn.block(), network::UniformWeights{bits}, {});
    const array::WordLayout layout{config.rows, config.lanes, bits, true};
    TileRun run;
    run.tile = drawn.tile;
    run.row_blocks = lut::tables_row_blocks(drawn.tile, config, knobs);
    run.passes_per_word = bits;
    run.weights = packed_words(drawn.tile, layout, packed.bytes, 1, false);
    run.activations = windows(drawn, config.rows, config.columns, config.lanes, config.activation_bits);
    compare(twin, *family, drawn, run, packed.bytes, differences);
  }
  return differences;
}

template <class Model>
void expect_equal_tables(std::uint32_t seed) {
  const Differences differences = tables_lockstep<Model>(seed, rtl_tiles(1000));
  EXPECT_EQ(differences.sums, 0) << "seed " << seed << differences.first;
  EXPECT_EQ(differences.cycles, 0) << "seed " << seed << differences.first;
}

TEST(LutTwin, EqualsTheModelWithFullTables) { expect_equal_tables<tables_full>(31); }

TEST(LutTwin, EqualsTheModelWithHalfTables) { expect_equal_tables<tables_half>(32); }

TEST(LutTwin, ALostSignAndALostWaitAreFound) {
  const Differences differences = tables_lockstep<tables_broken>(33, 50);
  EXPECT_GT(differences.sums, 0);
  EXPECT_GT(differences.cycles, 0);
}

network::CodebookWeights random_codebook(Random& random, int bits) {
  std::set<std::int16_t> values;
  while (values.size() < std::size_t{1} << bits) values.insert(static_cast<std::int16_t>(random.code(8, true)));
  return {bits, {values.begin(), values.end()}};
}

// A header's words bring the table; else the words of the tile, codes of the table or integers.
ReadPort codebook_port(const RandomTile& drawn, const EngineConfig& config, std::span<const std::uint8_t> bytes,
                       std::size_t table_bytes) {
  const array::WordLayout layout{config.rows, config.lanes, drawn.tile.weight_bits, false};
  const ReadPort words = packed_words(drawn.tile, layout, bytes, config.weight_bits, table_bytes == 0, table_bytes);
  const auto word_bytes = static_cast<std::size_t>((config.rows * config.lanes * config.weight_bits + 7) / 8);
  return [=](const Read& read) {
    if (!read.header) return words(read);
    PortBits port;
    for (std::size_t i = 0; i < word_bytes; ++i) {
      const std::size_t at = static_cast<std::size_t>(read.word) * word_bytes + i;
      if (at < table_bytes) port.put(8 * i, 8, bytes[at]);
    }
    return port;
  };
}

TEST(LutTwin, EqualsTheModelOfACodebook) {
  const std::uint32_t seed = 34;
  EngineConfig config = engine_config<codebook>("lut");
  config.variant = "codebook";
  config.options = {{"codebook_bits", std::to_string(codebook::CODEBOOK_BITS)}};
  const auto family = accelerators::make_lut(config);
  ArrayBench<codebook> twin(config.rows * config.lanes * config.weight_bits,
                            config.columns * config.lanes * config.activation_bits);
  Random random(seed);
  Differences differences;
  for (int i = 0; i < rtl_tiles(1000); ++i) {
    const bool from_table = random.chance(2);
    const network::CodebookWeights weights = random_codebook(random, random.between(1, 4));
    TileDraw draw;
    draw.most_pixels = most_pixels<codebook>();
    if (from_table)
      draw.weight = [&](Random& r, int) {
        return weights.table[static_cast<std::size_t>(r.between(0, (1 << weights.bits) - 1))];
      };
    RandomTile drawn = random_tile(random, draw);
    const network::WeightEncoding encoding =
        from_table ? network::WeightEncoding{weights} : network::UniformWeights{drawn.tile.weight_bits};
    const auto packed = family->pack(drawn.block(), encoding, {});
    drawn.tile.weight_format = packed.format;
    drawn.tile.weight_bits = packed.bits;
    TileRun run;
    run.tile = drawn.tile;
    run.row_blocks = lut::codebook_row_blocks(drawn.tile, config);
    run.weights = codebook_port(drawn, config, packed.bytes, from_table ? weights.table.size() : 0);
    run.activations = windows(drawn, config.rows, config.columns, config.lanes, config.activation_bits);
    twin.top().from_table = from_table;
    compare(twin, *family, drawn, run, packed.bytes, differences);
  }
  EXPECT_EQ(differences.sums, 0) << "seed " << seed << differences.first;
  EXPECT_EQ(differences.cycles, 0) << "seed " << seed << differences.first;
}

}  // namespace
}  // namespace lutra::test
