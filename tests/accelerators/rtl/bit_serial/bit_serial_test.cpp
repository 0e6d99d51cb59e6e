#include "accelerators/bit_serial/bit_serial.h"

#include <gtest/gtest.h>

#include "accelerators/bit_serial/planes.h"
#include "serial_broken.h"
#include "serial_planes.h"
#include "serial_weight_stationary.h"
#include "serial_weights.h"
#include "software/network/encoding/encoding.h"
#include "tests/accelerators/rtl/array_bench.h"

namespace lutra::test {
namespace {

namespace array = accelerators::array;
using accelerators::EngineConfig;
using accelerators::bit_serial::Planes;

constexpr int most_outputs = 33;  // of a random tile
constexpr int entry_bytes = 2;    // README.md, weights in memory

template <class Model>
constexpr bool in_pairs() {
  if constexpr (requires { Model::PAIRS; }) return Model::PAIRS != 0;
  return false;
}

template <class Model>
EngineConfig config_of() {
  EngineConfig config = engine_config<Model>("bit_serial");
  if (in_pairs<Model>()) config.variant = "planes";
  if constexpr (requires { Model::COEFFICIENTS; }) config.options["coefficients"] = std::to_string(Model::COEFFICIENTS);
  if constexpr (requires { Model::LEVELS; }) config.options["levels"] = "true";
  return config;
}

network::WeightEncoding random_weights(Random& random, int most_bits) {
  if (random.chance(2)) return network::UniformWeights{random.between(2, most_bits)};
  if (random.chance(6)) return network::TernaryWeights{};
  network::PlaneWeights planes;
  const int count = random.between(1, 3);
  for (int p = 0; p < count; ++p) planes.planes.push_back(static_cast<network::PlaneAlphabet>(random.between(0, 2)));
  for (int i = 0; i < most_outputs * count; ++i)
    planes.coefficients.push_back(static_cast<std::int16_t>(random.between(-90, 90)));
  return planes;
}

// As wide as the tile's; in half of the draws with levels, each the sum of its bits' levels where `sums_of_bits`.
network::ActivationEncoding random_activations(Random& random, const accelerators::MatrixTile& tile,
                                               bool sums_of_bits) {
  network::ActivationEncoding encoding;
  encoding.bits = tile.activation_bits;
  encoding.is_signed = tile.activation_signed;
  if (tile.activation_bits > 4 || random.chance(2)) return encoding;
  std::vector<int> of_bits;
  for (int bit = 0; bit < encoding.bits; ++bit) of_bits.push_back(random.between(-30, 60));
  for (unsigned code = 0; code < 1u << encoding.bits; ++code) {
    int level = 0;
    for (int bit = 0; bit < encoding.bits; ++bit)
      if ((code >> bit & 1u) != 0) level += of_bits[static_cast<std::size_t>(bit)];
    encoding.levels.push_back(sums_of_bits ? level : random.between(-128, 255));
  }
  return encoding;
}

struct Drawn {
  RandomTile tile;
  Planes planes;
  accelerators::PackedWeights packed;
};

// A tile of the operands that the array takes.
Drawn draw_tile(Random& random, const TileDraw& draw, const EngineConfig& config,
                const accelerators::Family& bit_serial) {
  for (;;) {
    Drawn drawn{random_tile(random, draw), {}, {}};
    RandomTile& tile = drawn.tile;
    const network::WeightEncoding weights = random_weights(random, config.weight_bits);
    const auto activations = random_activations(random, tile.tile, config.variant == "planes");
    if (!bit_serial.refuses(activations, weights).empty()) continue;
    const std::size_t per_output = tile.weights.size() / static_cast<std::size_t>(tile.tile.channels);
    for (std::size_t i = 0; i < tile.weights.size(); ++i) {
      const std::vector<int> values = network::weight_values(weights, static_cast<int>(i / per_output));
      const int at = random.between(0, static_cast<int>(values.size()) - 1);
      tile.weights[i] = static_cast<std::int16_t>(values[static_cast<std::size_t>(at)]);
    }
    drawn.planes = accelerators::bit_serial::planes_of(weights, activations);
    drawn.packed = bit_serial.pack(tile.block(), weights, activations);
    tile.tile.weight_bits = drawn.packed.bits;
    tile.tile.weight_format = drawn.packed.format;
    return drawn;
  }
}

std::uint64_t divide_up(std::uint64_t dividend, std::uint64_t divisor) { return (dividend + divisor - 1) / divisor; }

// Tables as headers bring them, then planes.
struct WeightPort {
  std::span<const std::uint8_t> bytes;
  std::vector<int> blocks;        // rows of each row block
  std::uint64_t word_bytes = 0;   // of the port
  std::uint64_t level_bytes = 0;  // of the table of levels
  std::uint64_t row_bytes = 0;    // of an output's coefficients
  ReadPort words;

  std::uint64_t level_words() const { return divide_up(level_bytes, word_bytes); }
  std::uint64_t header(std::size_t row_block) const {
    const std::uint64_t coefficients = static_cast<std::uint64_t>(blocks[row_block]) * row_bytes;
    return divide_up(coefficients, word_bytes) + (row_block == 0 ? level_words() : 0);
  }

  PortBits operator()(const Read& read) const {
    if (!read.header) return words(read);
    std::uint64_t word = static_cast<std::uint64_t>(read.word);
    std::uint64_t first = 0;
    std::uint64_t end = level_bytes;
    if (read.row_block > 0 || word >= level_words()) {
      if (read.row_block == 0) word -= level_words();
      first = level_bytes;
      for (int i = 0; i < read.row_block; ++i) first += static_cast<std::uint64_t>(blocks[i]) * row_bytes;
      end = first + static_cast<std::uint64_t>(blocks[static_cast<std::size_t>(read.row_block)]) * row_bytes;
    }
    PortBits port;
    for (std::uint64_t i = 0; i < word_bytes; ++i)
      if (const std::uint64_t at = first + word * word_bytes + i; at < end) port.put(8 * i, 8, bytes[at]);
    return port;
  }
};

template <class Model>
Differences lockstep(std::uint32_t seed, int tiles) {
  const EngineConfig config = config_of<Model>();
  const auto bit_serial = accelerators::make_bit_serial(config);
  const int word_bytes = (config.rows * config.lanes + 7) / 8;
  ArrayBench<Model> twin(8 * word_bytes, config.columns * config.lanes * config.activation_bits);
  Random random(seed);
  TileDraw draw;
  draw.activation_bits = config.activation_bits;
  draw.most_pixels = most_pixels<Model>();
  Differences differences;
  for (int i = 0; i < tiles; ++i) {
    const Drawn drawn = draw_tile(random, draw, config, *bit_serial);
    const accelerators::MatrixTile& tile = drawn.tile.tile;
    const Planes& planes = drawn.planes;
    const int bits = in_pairs<Model>() ? tile.activation_bits : 1;
    WeightPort weights;
    weights.bytes = drawn.packed.bytes;
    weights.blocks = array::row_blocks(tile, config.rows);
    weights.word_bytes = static_cast<std::uint64_t>(word_bytes);
    weights.level_bytes = planes.levels ? std::uint64_t{entry_bytes} << tile.activation_bits : 0;
    weights.row_bytes = planes.coefficients ? static_cast<std::uint64_t>(planes.passes_of_weights() * entry_bytes) : 0;
    const std::uint64_t tables = weights.level_bytes + static_cast<std::uint64_t>(tile.channels) * weights.row_bytes;
    weights.words =
        packed_words(tile, {config.rows, config.lanes, tile.weight_bits, true}, drawn.packed.bytes, 1, false, tables);

    TileRun run;
    run.tile = tile;
    run.passes_per_word = planes.passes_of_weights() * bits;
    const auto words = array::words(array::runs(tile), config.lanes);
    for (std::size_t block = 0; block < weights.blocks.size(); ++block)
      run.row_blocks.push_back({weights.blocks[block], weights.header(block),
                                static_cast<std::uint64_t>(words) * static_cast<std::uint64_t>(run.passes_per_word)});
    run.weights = weights;
    run.activations = windows(drawn.tile, config.rows, config.columns, config.lanes, config.activation_bits);

    auto& top = twin.top();
    top.activation_bits = static_cast<CData>(tile.activation_bits);
    top.weight_planes = static_cast<CData>(planes.weight_planes);
    top.ones = planes.ones;
    top.has_coefficients = planes.coefficients;
    top.has_levels = planes.levels;
    top.sums_per_output =
        static_cast<SData>((planes.coefficients ? planes.passes_of_weights() : 1) * (planes.levels ? bits : 1));
    top.level_words = static_cast<IData>(weights.level_words());
    const int run_length = array::runs(tile).length;
    const int words_per_run = (run_length + config.lanes - 1) / config.lanes;
    top.words_per_run = static_cast<IData>(words_per_run);
    top.last_word_lanes = static_cast<SData>(run_length - (words_per_run - 1) * config.lanes);
    compare(twin, *bit_serial, drawn.tile, run, drawn.packed.bytes, differences);
  }
  return differences;
}

template <class Model>
void expect_equal(std::uint32_t seed) {
  const Differences differences = lockstep<Model>(seed, rtl_tiles(1000));
  EXPECT_EQ(differences.sums, 0) << "seed " << seed << differences.first;
  EXPECT_EQ(differences.cycles, 0) << "seed " << seed << differences.first;
}

TEST(BitSerialTwin, EqualsTheModelPlaneByPlane) { expect_equal<serial_weights>(41); }

TEST(BitSerialTwin, EqualsTheModelWeightStationary) { expect_equal<serial_weight_stationary>(42); }

TEST(BitSerialTwin, EqualsTheModelInPairsOfPlanes) { expect_equal<serial_planes>(43); }

TEST(BitSerialTwin, ALostSignAndALostWaitAreFound) {
  const Differences differences = lockstep<serial_broken>(44, 50);
  EXPECT_GT(differences.sums, 0);
  EXPECT_GT(differences.cycles, 0);
}

}  // namespace
}  // namespace lutra::test
