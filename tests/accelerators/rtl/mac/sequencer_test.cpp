#include <gtest/gtest.h>

#include "mac_weight_stationary.h"
#include "mac_wide.h"
#include "tests/accelerators/rtl/array_bench.h"

// The sequencer beyond what the mac family asks of it: headers, several passes per word, row blocks of different
// lengths and of none.

namespace lutra::test {
namespace {

namespace array = accelerators::array;

// A code for a place in a tile, the same whenever it is asked for.
int code_at(std::initializer_list<int> place, int bits, bool is_signed) {
  std::uint32_t hash = 2166136261u;
  for (const int index : place) hash = (hash ^ static_cast<std::uint32_t>(index + 1)) * 16777619u;
  hash = (hash ^ hash >> 15) * 2246822519u >> 16;
  const int code = static_cast<int>(hash & ((1u << bits) - 1));
  return is_signed && code >= 1 << (bits - 1) ? code - (1 << bits) : code;
}

template <class Model>
class SequencedTile {
 public:
  explicit SequencedTile(Random& random) {
    tile_.rows = random.between(1, 3);
    tile_.columns = random.between(1, std::min(8, most_pixels<Model>() / tile_.rows));
    tile_.group_outputs = random.between(1, 9);
    tile_.group_phase = random.between(0, tile_.group_outputs - 1);
    tile_.channels = random.between(1, 13);
    tile_.activation_signed = random.chance(2);
    passes_per_word_ = random.between(1, 4);
    for (const int rows : array::row_blocks(tile_, Model::ROWS))
      blocks_.push_back({rows, static_cast<std::uint64_t>(std::max(0, random.between(-3, 3))),
                         static_cast<std::uint64_t>(std::max(0, random.between(-2, 6)) * passes_per_word_)});
  }

  TileRun run() const {
    TileRun run{tile_, blocks_, passes_per_word_, {}, {}};
    run.weights = [this](const Read& read) {
      PortBits port;
      for (int place = 0; place < Model::ROWS * Model::LANES; ++place)
        port.put(static_cast<std::size_t>(place) * Model::WEIGHT_BITS, Model::WEIGHT_BITS,
                 static_cast<std::uint32_t>(read.header ? 1 : weight(read.row_block, read.word, read.pass, place)));
      return port;
    };
    run.activations = [this](const Read& read) {
      PortBits port;
      for (int place = 0; place < Model::COLUMNS * Model::LANES; ++place)
        port.put(static_cast<std::size_t>(place) * Model::ACTIVATION_BITS, Model::ACTIVATION_BITS,
                 static_cast<std::uint32_t>(activation(read.row_block, read.column_block, read.word, place)));
      return port;
    };
    return run;
  }

  std::vector<std::int32_t> sums() const {
    std::vector<std::int32_t> all;
    for (int pixel = 0; pixel < tile_.rows * tile_.columns; ++pixel)
      for (std::size_t block = 0; block < blocks_.size(); ++block)
        for (int row = 0; row < blocks_[block].rows; ++row) all.push_back(sum(static_cast<int>(block), row, pixel));
    return all;
  }

  std::uint64_t cycles() const {
    const int fill = 2 + std::min(pipeline_of<Model>(), 1 + array::tree_levels(Model::LANES));
    return array::timing(tile_, engine_config<Model>("mac"), fill, blocks_).cycles;
  }

 private:
  int weight(int row_block, int word, int pass, int place) const {
    return code_at({row_block, word, pass, place}, Model::WEIGHT_BITS, true);
  }
  int activation(int row_block, int column_block, int word, int place) const {
    return code_at({7, row_block, column_block, word, place}, Model::ACTIVATION_BITS, tile_.activation_signed);
  }

  std::int32_t sum(int row_block, int row, int pixel) const {
    std::uint32_t total = 0;
    const int passes = static_cast<int>(blocks_[static_cast<std::size_t>(row_block)].passes);
    for (int i = 0; i < passes; ++i)
      for (int lane = 0; lane < Model::LANES; ++lane)
        total += static_cast<std::uint32_t>(
            weight(row_block, i / passes_per_word_, i % passes_per_word_, row * Model::LANES + lane) *
            activation(row_block, pixel / Model::COLUMNS, i / passes_per_word_,
                       pixel % Model::COLUMNS * Model::LANES + lane));
    constexpr int unused = 32 - Model::ACCUMULATOR_BITS;
    return static_cast<std::int32_t>(total << unused) >> unused;
  }

  accelerators::MatrixTile tile_;
  std::vector<array::RowBlock> blocks_;
  int passes_per_word_ = 1;
};

template <class Model>
void expect_sequence(std::uint32_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  ArrayBench<Model> twin(Model::ROWS * Model::LANES * Model::WEIGHT_BITS,
                         Model::COLUMNS * Model::LANES * Model::ACTIVATION_BITS);
  Differences differences;
  for (int i = 0; i < rtl_tiles(500); ++i) {
    const SequencedTile<Model> tile(random);
    differences.add(twin.run(tile.run()), tile.sums(), tile.cycles());
  }
  EXPECT_EQ(differences.sums, 0) << differences.first;
  EXPECT_EQ(differences.cycles, 0) << differences.first;
}

TEST(TileSequencer, FollowsTheEquationOutputStationary) { expect_sequence<mac_wide>(21); }

TEST(TileSequencer, FollowsTheEquationWeightStationary) { expect_sequence<mac_weight_stationary>(22); }

TEST(TileSequencer, ATileThatNeverEndsIsReported) {
  Random random(24);
  ArrayBench<mac_wide> twin(120, 160);
  EXPECT_THROW(twin.run(SequencedTile<mac_wide>(random).run(), 2), Error);
}

}  // namespace
}  // namespace lutra::test
