#include <gtest/gtest.h>

#include "accelerators/ternary/ternary.h"
#include "accelerators/ternary/tile_words.h"
#include "ternary_broken.h"
#include "ternary_popcount.h"
#include "ternary_skipping.h"
#include "ternary_weight_stationary.h"
#include "tests/accelerators/rtl/array_bench.h"

namespace lutra::test {
namespace {

namespace ternary = accelerators::ternary;
using accelerators::EngineConfig;
using accelerators::MatrixTile;

template <class Model>
EngineConfig config_of() {
  EngineConfig config = engine_config<Model>("ternary");
  config.variant = Model::POPCOUNT != 0 ? "popcount" : "gated";
  config.options["zero_skipping"] = Model::GROUPS != 0 ? "groups" : "none";
  return config;
}

struct Operands {
  RandomTile drawn;
  network::WeightEncoding weights;
  network::ActivationEncoding activations;
};

int sparse(Random& random, int density, int value) { return random.between(1, 12) <= density ? value : 0; }

// Weights of any form the family has, from none to all of them not zero.
Operands draw_operands(Random& random, const TileDraw& draw) {
  Operands operands{random_tile(random, draw), network::TernaryWeights{}, {}};
  RandomTile& drawn = operands.drawn;
  operands.activations.bits = drawn.tile.activation_bits;
  operands.activations.is_signed = drawn.tile.activation_signed;
  operands.activations.is_ternary = drawn.tile.activation_bits == 2 && drawn.tile.activation_signed;
  const int density = random.between(0, 12);
  const auto draw_weights = [&](auto value_of) {
    const std::size_t per_channel = drawn.weights.size() / drawn.tile.channels;
    for (std::size_t i = 0; i < drawn.weights.size(); ++i)
      drawn.weights[i] = static_cast<std::int16_t>(sparse(random, density, value_of(i / per_channel)));
  };
  const int form = random.between(0, 2);
  if (form == 0) {
    draw_weights([&](std::size_t) { return random.chance(2) ? 1 : -1; });
  } else if (form == 1) {
    const int bits = random.between(2, draw.weight_bits);
    operands.weights = network::UniformWeights{bits};
    draw_weights([&](std::size_t) { return random.code(bits, true); });
  } else {
    network::PlaneWeights planes{{network::PlaneAlphabet::positive, network::PlaneAlphabet::negative}, {}};
    for (int k = 0; k < drawn.tile.channels; ++k)
      planes.coefficients.insert(planes.coefficients.end(), 2, static_cast<std::int16_t>(1 << random.between(0, 6)));
    draw_weights([&](std::size_t k) { return planes.coefficients[2 * k] * (random.chance(2) ? 1 : -1); });
    operands.weights = planes;
  }
  return operands;
}

// The weight buffer, by row block: header (shifts by the port, bitmap by the window), planes of words.
ReadPort weight_port(const MatrixTile& tile, const ternary::Layout& layout, std::span<const std::uint8_t> bytes) {
  const auto blocks = ternary::full_blocks(tile, layout);
  const int planes = ternary::weight_planes(ternary::Format::of(tile.weight_format)->form, tile.weight_bits);
  const auto port_bytes = static_cast<std::size_t>(ternary::port_bytes(layout));
  return [=](const Read& read) {
    std::size_t first = 0;
    for (int i = 0; i < read.row_block; ++i) {
      const auto& block = blocks[static_cast<std::size_t>(i)];
      first += block.shift_bytes + block.bitmap_bytes + planes * block.words * block.word_bytes;
    }
    const auto& block = blocks[static_cast<std::size_t>(read.row_block)];
    const std::size_t shift_cycles = (block.shift_bytes + port_bytes - 1) / port_bytes;
    std::size_t count = port_bytes;
    if (read.header) {
      const auto cycle = static_cast<std::size_t>(read.word);
      first += cycle < shift_cycles ? cycle * port_bytes
                                    : block.shift_bytes + (cycle - shift_cycles) * (ternary::scan_bits / 8);
    } else {
      first += block.shift_bytes + block.bitmap_bytes + (read.pass * block.words + read.word) * block.word_bytes;
      count = block.word_bytes;
    }
    PortBits port;
    for (std::size_t i = 0; i < count && first + i < bytes.size(); ++i) port.put(i * 8, 8, bytes[first + i]);
    return port;
  };
}

template <class Model>
Differences lockstep(std::uint32_t seed, int tiles) {
  const EngineConfig config = config_of<Model>();
  const auto family = accelerators::make_ternary(config);
  const ternary::Layout layout{config.rows, config.lanes, Model::GROUPS != 0};
  ArrayBench<Model> twin(ternary::port_bytes(layout) * 8, config.columns * config.lanes * config.activation_bits);
  Random random(seed);
  TileDraw draw;
  draw.activation_bits = config.activation_bits;
  draw.weight_bits = config.weight_bits;
  draw.most_pixels = most_pixels<Model>();
  draw.most_channels = config.lanes + 20;
  Differences differences;
  for (int i = 0; i < tiles; ++i) {
    Operands operands = draw_operands(random, draw);
    MatrixTile& tile = operands.drawn.tile;
    const auto packed = family->pack(operands.drawn.block(), operands.weights, operands.activations);
    tile.weight_format = packed.format;
    tile.weight_bits = packed.bits;
    const auto format = *ternary::Format::of(packed.format);
    const int weight_planes = ternary::weight_planes(format.form, packed.bits);
    const bool activation_planes = Model::POPCOUNT != 0 && !format.ternary_activations;
    const int sweeps = weight_planes * (activation_planes ? tile.activation_bits : 1);
    const auto words = ternary::unpack(tile, layout, packed.bytes);

    auto& top = twin.top();
    top.plane_words = static_cast<IData>(words.blocks.front().words);
    top.weight_planes = static_cast<CData>(weight_planes);
    top.weight_codes = format.form != ternary::WeightForm::planes;
    top.activation_planes = static_cast<CData>(activation_planes ? tile.activation_bits : 1);
    top.activation_codes = format.ternary_activations;
    top.output_shifts = format.form == ternary::WeightForm::shifted;

    TileRun run;
    run.tile = tile;
    for (const ternary::BlockWords& block : words.blocks)
      run.row_blocks.push_back({block.rows, ternary::header_cycles(block, layout), block.sweep * sweeps});
    run.weights = weight_port(tile, layout, packed.bytes);
    run.activations = windows(operands.drawn, config.rows, config.columns, config.lanes, config.activation_bits);
    compare(twin, *family, operands.drawn, run, packed.bytes, differences);
  }
  return differences;
}

template <class Model>
void expect_equal(std::uint32_t seed) {
  const Differences differences = lockstep<Model>(seed, rtl_tiles(600));
  EXPECT_EQ(differences.sums, 0) << "seed " << seed << differences.first;
  EXPECT_EQ(differences.cycles, 0) << "seed " << seed << differences.first;
}

TEST(TernaryTwin, GatedAddersEqualTheModelWeightStationary) { expect_equal<ternary_weight_stationary>(31); }

TEST(TernaryTwin, GatedAddersThatSkipWordsEqualTheModel) { expect_equal<ternary_skipping>(32); }

TEST(TernaryTwin, CountersEqualTheModel) { expect_equal<ternary_popcount>(33); }

TEST(TernaryTwin, ALostCarryAndALostWaitAreFound) {
  const Differences differences = lockstep<ternary_broken>(32, 50);
  EXPECT_GT(differences.sums, 0);
  EXPECT_GT(differences.cycles, 0);
}

}  // namespace
}  // namespace lutra::test
