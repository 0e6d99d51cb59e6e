#include <gtest/gtest.h>

#include <numeric>

#include "accelerators/shift_add/planes.h"
#include "accelerators/shift_add/shift_add.h"
#include "software/network/encoding/encoding.h"
#include "sub_filters.h"
#include "sub_filters_broken.h"
#include "sub_filters_weight_stationary.h"
#include "tests/accelerators/rtl/array_bench.h"

namespace lutra::test {
namespace {

namespace array = accelerators::array;
using accelerators::EngineConfig;
using accelerators::shift_add::Planes;
using accelerators::shift_add::shift_code_bits;

constexpr int most_outputs = 33;  // of a random tile

network::WeightEncoding random_encoding(Random& random) {
  if (random.chance(4)) return network::TernaryWeights{};
  if (random.chance(3)) return network::UniformWeights{random.between(2, 8)};
  network::PlaneWeights planes;
  const int count = random.between(1, 5);
  for (int p = 0; p < count; ++p) planes.planes.push_back(static_cast<network::PlaneAlphabet>(random.between(0, 2)));
  for (int i = 0; i < most_outputs * count; ++i) {
    const int power = 1 << random.between(0, 4);
    planes.coefficients.push_back(static_cast<std::int16_t>(random.chance(6) ? 0 : random.chance(3) ? -power : power));
  }
  return planes;
}

RandomTile random_plane_tile(Random& random, const TileDraw& draw, const network::WeightEncoding& encoding) {
  RandomTile drawn = random_tile(random, draw);
  const std::size_t per_output = drawn.weights.size() / static_cast<std::size_t>(drawn.tile.channels);
  for (std::size_t i = 0; i < drawn.weights.size(); ++i) {
    const std::vector<int> values = network::weight_values(encoding, static_cast<int>(i / per_output));
    drawn.weights[i] = static_cast<std::int16_t>(
        values[static_cast<std::size_t>(random.between(0, static_cast<int>(values.size()) - 1))]);
  }
  return drawn;
}

// The sweeps of a tile as the array is told of them: README.md, packing and cycles.
template <class Model>
class Sweeps {
 public:
  Sweeps(const RandomTile& drawn, const Planes& planes, std::span<const std::uint8_t> packed)
      : tile_(drawn.tile), planes_(planes), words_(array::words(array::runs(tile_), Model::LANES)) {
    const std::vector<int> blocks = array::row_blocks(tile_, Model::ROWS);
    for (int first = 0; first < planes.count(); first += Model::PARALLEL) {
      Sweep sweep;
      for (const int rows : blocks) {
        const auto bytes = static_cast<std::size_t>(rows * Model::PARALLEL * shift_code_bits + 7) / 8;
        sweep.tables.push_back(packed.first(bytes));
        packed = packed.subspan(bytes);
      }
      const int here = std::min(Model::PARALLEL, planes.count() - first);
      const array::WordLayout layout{Model::ROWS, Model::LANES, here, false};
      sweep.words = packed_words(tile_, layout, packed, Model::PARALLEL, false);
      packed = packed.subspan(array::words_bytes(tile_, layout));
      sweeps_.push_back(std::move(sweep));
    }
  }

  int count() const { return static_cast<int>(sweeps_.size()); }

  // With `together` sweeps to a row block, each a pass over every word.
  std::vector<array::RowBlock> row_blocks(int together) const {
    std::vector<array::RowBlock> blocks;
    for (const int rows : array::row_blocks(tile_, Model::ROWS))
      blocks.push_back({rows, static_cast<std::uint64_t>(together * header(rows)), words_ * together});
    return blocks;
  }

  PortBits weights(int first_sweep, const Read& read) const {
    if (!read.header) return sweeps_[static_cast<std::size_t>(first_sweep + read.pass)].words(without_pass(read));
    const auto row_block = static_cast<std::size_t>(read.row_block);
    const int cycles = header(array::row_blocks(tile_, Model::ROWS)[row_block]);
    const auto table = sweeps_[static_cast<std::size_t>(first_sweep + read.word / cycles)].tables[row_block];
    PortBits port;
    for (int bit = 0; bit < port_bits; ++bit) {
      const auto at = static_cast<std::size_t>(read.word % cycles * port_bits + bit);
      if (at / 8 < table.size()) port.put(static_cast<std::size_t>(bit), 1, table[at / 8] >> at % 8 & 1u);
    }
    return port;
  }

  // Two bits per plane, of the sweep's planes and all behind them.
  std::uint32_t alphabets(int first_sweep) const {
    return static_cast<std::uint32_t>(planes_.format()) >> (2 * Model::PARALLEL * first_sweep);
  }

  static constexpr int port_bits = Model::ROWS * Model::LANES * Model::PARALLEL;

 private:
  struct Sweep {
    std::vector<std::span<const std::uint8_t>> tables;  // of each row block
    ReadPort words;
  };

  static Read without_pass(Read read) {
    read.pass = 0;
    return read;
  }
  static int header(int rows) { return (rows * Model::PARALLEL * shift_code_bits + port_bits - 1) / port_bits; }

  accelerators::MatrixTile tile_;
  Planes planes_;
  std::uint64_t words_;
  std::vector<Sweep> sweeps_;
};

// Output-stationary: each sweep is a tile of the sequencer's, and what they drain is added up in the accumulator
// buffer.
template <class Model>
TwinResult run_twin(ArrayBench<Model>& twin, const RandomTile& drawn, const Sweeps<Model>& sweeps,
                    const EngineConfig& config) {
  const bool together = config.dataflow == accelerators::Dataflow::weight_stationary;
  TileRun run;
  run.tile = drawn.tile;
  run.passes_per_word = together ? sweeps.count() : 1;
  run.row_blocks = sweeps.row_blocks(run.passes_per_word);
  run.activations = windows(drawn, config.rows, config.columns, config.lanes, config.activation_bits);
  TwinResult all;
  for (int first = 0; first < sweeps.count(); first += run.passes_per_word) {
    run.weights = [&](const Read& read) { return sweeps.weights(first, read); };
    const int alphabet_bits = 2 * Model::PARALLEL * ((config.weight_bits + Model::PARALLEL - 1) / Model::PARALLEL);
    const int used_bits = together ? alphabet_bits : 2 * Model::PARALLEL;
    using Port = decltype(twin.top().alphabets);
    twin.top().alphabets =
        static_cast<std::remove_reference_t<Port>>(sweeps.alphabets(first) & ((1u << used_bits) - 1));
    const TwinResult result = twin.run(run);
    all.cycles += result.cycles;
    all.sums.resize(result.sums.size());
    for (std::size_t i = 0; i < result.sums.size(); ++i) {
      const auto sum = static_cast<std::uint32_t>(all.sums[i]) + static_cast<std::uint32_t>(result.sums[i]);
      constexpr int unused = 32 - Model::ACCUMULATOR_BITS;
      all.sums[i] = static_cast<std::int32_t>(sum << unused) >> unused;
    }
  }
  return all;
}

template <class Model>
Differences lockstep(std::uint32_t seed, int tiles) {
  EngineConfig config = engine_config<Model>("shift_add");
  config.variant = "sub_filters";
  config.options["parallel"] = std::to_string(Model::PARALLEL);
  const auto family = accelerators::make_shift_add(config);
  ArrayBench<Model> twin(Sweeps<Model>::port_bits, config.columns * config.lanes * config.activation_bits);
  Random random(seed);
  TileDraw draw;
  draw.activation_bits = config.activation_bits;
  draw.most_pixels = most_pixels<Model>();
  Differences differences;
  for (int i = 0; i < tiles; ++i) {
    const network::WeightEncoding encoding = random_encoding(random);
    RandomTile drawn = random_plane_tile(random, draw, encoding);
    const auto packed = family->pack(drawn.block(), encoding, {});
    drawn.tile.weight_format = packed.format;
    drawn.tile.weight_bits = packed.bits;
    const Sweeps<Model> sweeps(drawn, Planes(encoding), packed.bytes);
    std::vector<std::int32_t> sums(static_cast<std::size_t>(drawn.tile.rows) * drawn.tile.columns *
                                   drawn.tile.channels);
    const auto work = family->compute(drawn.tile, true, drawn.activation_bytes(), packed.bytes, sums);
    differences.add(run_twin(twin, drawn, sweeps, config), sums, work.cycles);
  }
  return differences;
}

template <class Model>
void expect_equal(std::uint32_t seed) {
  const Differences differences = lockstep<Model>(seed, rtl_tiles(1000));
  EXPECT_EQ(differences.sums, 0) << "seed " << seed << differences.first;
  EXPECT_EQ(differences.cycles, 0) << "seed " << seed << differences.first;
}

TEST(SubFiltersTwin, EqualsTheModelOutputStationary) { expect_equal<sub_filters>(32); }

TEST(SubFiltersTwin, EqualsTheModelWeightStationary) { expect_equal<sub_filters_weight_stationary>(33); }

TEST(SubFiltersTwin, AWrongShiftAndALostWaitAreFound) {
  const Differences differences = lockstep<sub_filters_broken>(32, 100);
  EXPECT_GT(differences.sums, 0);
  EXPECT_GT(differences.cycles, 0);
}

}  // namespace
}  // namespace lutra::test
