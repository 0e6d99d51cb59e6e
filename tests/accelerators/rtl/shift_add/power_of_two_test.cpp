#include <gtest/gtest.h>

#include "accelerators/shift_add/codes.h"
#include "accelerators/shift_add/shift_add.h"
#include "power_of_two.h"
#include "software/network/encoding/encoding.h"
#include "tests/accelerators/rtl/array_bench.h"

namespace lutra::test {
namespace {

namespace array = accelerators::array;
using accelerators::EngineConfig;
using accelerators::shift_add::Codes;

std::vector<int> exponents(Random& random, int highest) {
  std::vector<int> chosen;
  for (int e = 0; e <= highest; ++e)
    if (random.chance(2)) chosen.push_back(e);
  if (chosen.empty()) chosen.push_back(random.between(0, highest));
  return chosen;
}

network::WeightEncoding random_encoding(Random& random, int weight_bits) {
  switch (random.between(0, 3)) {
    case 0:
      return network::UniformWeights{random.between(2, weight_bits)};
    case 1:
      return network::TernaryWeights{};
    case 2:
      return network::PowerOfTwoWeights{{exponents(random, weight_bits - 2)}};
    default:
      return network::PowerOfTwoWeights{{exponents(random, weight_bits - 3), exponents(random, weight_bits - 3)}};
  }
}

// The command's weight format as the array's registers hold it.
template <class Top>
void set_codes(Top& top, const network::WeightEncoding& encoding) {
  constexpr int choices = 7;
  constexpr int exponent_bits = 3;
  const auto* powers = std::get_if<network::PowerOfTwoWeights>(&encoding);
  top.kind = powers != nullptr ? 2 : std::holds_alternative<network::TernaryWeights>(encoding) ? 1 : 0;
  top.choice_bits = 0;
  top.exponents = (std::uint64_t{1} << 2 * choices * exponent_bits) - 1;  // nothing
  if (powers == nullptr) return;
  for (std::size_t term = 0; term < powers->terms.size(); ++term) {
    const std::vector<int>& of_term = powers->terms[term];
    top.choice_bits |= static_cast<CData>(std::bit_width(of_term.size()) << 2 * term);
    for (std::size_t i = 0; i < of_term.size(); ++i) {
      const int place = static_cast<int>(term * choices + i) * exponent_bits;
      top.exponents &= ~(std::uint64_t{7} << place);
      top.exponents |= static_cast<std::uint64_t>(of_term[i]) << place;
    }
  }
}

template <class Model>
Differences lockstep(std::uint32_t seed, int tiles) {
  EngineConfig config = engine_config<Model>("shift_add");
  config.options["terms"] = std::to_string(Model::TERMS);
  const auto family = accelerators::make_shift_add(config);
  ArrayBench<Model> twin(config.rows * config.lanes * config.weight_bits,
                         config.columns * config.lanes * config.activation_bits);
  Random random(seed);
  TileDraw draw;
  draw.activation_bits = config.activation_bits;
  draw.most_pixels = most_pixels<Model>();
  Differences differences;
  for (int i = 0; i < tiles; ++i) {
    const network::WeightEncoding encoding = random_encoding(random, config.weight_bits);
    if (!family->refuses({.bits = config.activation_bits, .levels = {}}, encoding).empty()) continue;
    const std::vector<int> values = network::weight_values(encoding, 0);
    draw.weight = [&](Random& r, int) {
      return r.chance(3) ? 0 : values[static_cast<std::size_t>(r.between(0, static_cast<int>(values.size()) - 1))];
    };
    RandomTile drawn = random_tile(random, draw);
    const auto packed = family->pack(drawn.block(), encoding, {});
    drawn.tile.weight_format = packed.format;
    drawn.tile.weight_bits = packed.bits;
    const array::WordLayout layout{config.rows, config.lanes, packed.bits, false};
    TileRun run;
    run.tile = drawn.tile;
    run.passes_per_word = (Codes(encoding).digits() + Model::TERMS - 1) / Model::TERMS;
    run.row_blocks = array::equal_blocks(
        drawn.tile, config, 0,
        array::words(array::runs(drawn.tile), config.lanes) * static_cast<std::uint64_t>(run.passes_per_word));
    run.weights = packed_words(drawn.tile, layout, packed.bytes, config.weight_bits,
                               std::holds_alternative<network::UniformWeights>(encoding));
    run.activations = windows(drawn, config.rows, config.columns, config.lanes, config.activation_bits);
    set_codes(twin.top(), encoding);
    compare(twin, *family, drawn, run, packed.bytes, differences);
  }
  return differences;
}

template <class Model>
void expect_equal(std::uint32_t seed) {
  const Differences differences = lockstep<Model>(seed, rtl_tiles(1000));
  EXPECT_GT(differences.tiles, rtl_tiles(1000) * 4 / 5);
  EXPECT_EQ(differences.sums, 0) << "seed " << seed << differences.first;
  EXPECT_EQ(differences.cycles, 0) << "seed " << seed << differences.first;
}

TEST(PowerOfTwoTwin, EqualsTheModel) { expect_equal<power_of_two>(31); }

}  // namespace
}  // namespace lutra::test
