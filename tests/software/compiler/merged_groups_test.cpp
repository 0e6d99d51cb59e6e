#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "accelerators/family/timing.h"
#include "software/common/error.h"
#include "software/compiler/compiler.h"
#include "software/compiler/mapping/packing.h"
#include "software/compiler/mapping/plan.h"
#include "tests/software/compiler/support/commands.h"
#include "tests/software/compiler/support/image_runner.h"
#include "tests/software/compiler/support/layers.h"
#include "tests/software/compiler/support/random_network.h"

namespace lutra {
namespace {

using accelerators::EngineConfig;
using testing::HasSubstr;
using testing::Not;

network::WeightEncoding draw_encoding(test::Random& random, int channels) {
  using network::PlaneAlphabet;
  const auto planes = [&](std::vector<PlaneAlphabet> alphabets, const std::vector<std::int16_t>& coefficients) {
    network::PlaneWeights weights{std::move(alphabets), {}};
    for (int channel = 0; channel < channels; ++channel)
      weights.coefficients.insert(weights.coefficients.end(), coefficients.begin(), coefficients.end());
    return weights;
  };
  switch (random.within(0, 8)) {
    case 0:
      return network::TernaryWeights{};
    case 1:
      return network::PowerOfTwoWeights{{{0, 1, 3, 6}}};
    case 2:
      return network::PowerOfTwoWeights{{{0, 2, 4}, {1, 3, 5}}};
    case 3:
      return planes({PlaneAlphabet::signs}, {4});  // no zero
    case 4:
      return planes({PlaneAlphabet::signs, PlaneAlphabet::signs}, {2, 2});
    case 5:
      return planes({PlaneAlphabet::positive, PlaneAlphabet::negative}, {8, 2});
    case 6:
      return network::CodebookWeights{2, {-7, 0, 5, 90}};
    default:
      return network::UniformWeights{random.within(2, 8)};
  }
}

test::ConvolutionLayer draw_layer(test::Random& random) {
  test::ConvolutionLayer layer;
  layer.groups = random.within(2, 24);
  const int group_channels = random.chance(60) ? 1 : random.within(2, 4);
  layer.input = {layer.groups * group_channels, random.within(3, 9), random.within(3, 9)};
  layer.output_channels = layer.groups * (random.chance(60) ? 1 : random.within(2, 3));
  layer.encoding = test::codes(random.chance(50) ? 8 : random.within(2, 7), random.chance(50));
  layer.encoding.pad_code = random.within(layer.encoding.lowest(), layer.encoding.highest());
  if (random.chance(15)) {
    layer.encoding = test::codes(2);
    layer.encoding.levels = {-3, -1, 4, 6};
    layer.encoding.pad_code = random.within(0, 3);
  }
  layer.window = {.height = random.within(1, 3),
                  .width = random.within(1, 3),
                  .stride_y = random.within(1, 2),
                  .stride_x = random.within(1, 2),
                  .pad_top = random.within(0, 1),
                  .pad_left = random.within(0, 1),
                  .pad_bottom = random.within(0, 1),
                  .pad_right = random.within(0, 1)};
  if (random.chance(20)) layer.window.dilation_x = 2;
  while (layer.window.output_width(layer.input.width) < 1) ++layer.input.width;
  return layer;
}

EngineConfig draw_array(test::Random& random) {
  EngineConfig engine;
  engine.rows = random.within(1, 16);
  engine.columns = random.within(1, 6);
  engine.lanes = random.one_of<int>({1, 2, 3, 4, 8, 16});
  engine.post_lanes = random.within(1, 8);
  if (random.chance(20)) engine.activation_buffer_bytes = engine.weight_buffer_bytes = 2048;
  if (random.chance(30)) engine.dataflow = accelerators::Dataflow::weight_stationary;
  return engine;
}

std::unique_ptr<accelerators::Family> family_or_none(const EngineConfig& engine) {
  try {
    return accelerators::make_family(engine);
  } catch (const Error&) {
    return nullptr;
  }
}

std::optional<compiler::Program> program_or_none(const network::QuantisedNetwork& network, const EngineConfig& engine,
                                                 const accelerators::Family& family) {
  try {
    return compiler::compile(network, engine, &family, {});
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::vector<lutra_tile> tiles_of(const compiler::Program& program) {
  struct Visitor {
    std::vector<lutra_tile>& tiles;
    void operator()(const lutra_command&) const {}
    void operator()(const lutra_transfer&) const {}
    void operator()(const lutra_tile& tile) const { tiles.push_back(tile); }
  };
  std::vector<lutra_tile> tiles;
  test::for_each_command_of(program.image, 0, Visitor{tiles});
  return tiles;
}

std::uint64_t cycles_of(const std::vector<lutra_tile>& tiles, const EngineConfig& engine,
                        const accelerators::Family& family) {
  std::uint64_t cycles = 0;
  for (const lutra_tile& tile : tiles) cycles += accelerators::tile_cycles(tile, engine, family);
  return cycles;
}

bool is_merged(const compiler::OpPlan& op) { return op.mapping.find(" groups") != std::string::npos; }

TEST(MergedGroups, EqualTheReferenceInEveryFamilyAndEncoding) {
  std::map<std::string, int> merged;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    test::ConvolutionLayer layer = draw_layer(random);
    layer.weights = draw_encoding(random, layer.output_channels);
    const auto network = test::network_of(layer);
    const auto pixels = random.bytes(layer.input.elements());
    for (const EngineConfig& engine : accelerators::preset_engines(draw_array(random))) {
      const auto family = family_or_none(engine);
      if (!family) continue;
      const auto program = program_or_none(network, engine, *family);
      if (!program) continue;
      SCOPED_TRACE(engine.family + " " + engine.variant);
      ASSERT_EQ(test::difference_from_reference(*program, network, pixels, {}, engine, family.get()), "");
      EXPECT_EQ(program->ops[0].array_cycles, cycles_of(tiles_of(*program), engine, *family));
      merged[engine.family + " " + engine.variant] += is_merged(program->ops[0]);
    }
  }
  for (const char* variant :
       {"mac multiplier", "mac digit_serial", "shift_add power_of_two", "shift_add sub_filters", "ternary gated",
        "ternary popcount", "lut tables", "lut codebook", "bit_serial weights", "bit_serial planes"})
    EXPECT_GT(merged[variant], 0) << variant;
}

// The depthwise layers of a DS-CNN for keyword spotting.
test::ConvolutionLayer depthwise_layer() {
  return {.input = {64, 25, 5},
          .encoding = test::codes(8),
          .window = {.height = 3, .width = 3, .pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1},
          .output_channels = 64,
          .groups = 64};
}

TEST(MergedGroups, FillTheLanesOfAWord) {
  EngineConfig engine;
  engine.columns = engine.lanes = 4;
  const auto family = accelerators::make_family(engine);
  const auto program = compiler::compile(test::network_of(depthwise_layer()), engine, family.get(), {});
  const std::uint64_t busy = 64 * 125 * 9 / (4 * 4);
  EXPECT_LT(program.ops[0].array_cycles, busy * 125 / 100);
  for (const lutra_tile& tile : tiles_of(program)) {
    EXPECT_EQ(tile.group_channels, 4);
    EXPECT_EQ(tile.group_outputs, 4);
  }
  EXPECT_THAT(program.ops[0].mapping, HasSubstr("of 4 groups"));
}

TEST(MergedGroups, HideADrainThatIsLongerThanAGroup) {
  const EngineConfig engine;  // a lane, 16 columns: 9 passes drain in 16 cycles
  const auto family = accelerators::make_family(engine);
  const auto program = compiler::compile(test::network_of(depthwise_layer()), engine, family.get(), {});
  EXPECT_LT(program.ops[0].array_cycles, 64u * 8u * 10u);
}

TEST(MergedGroups, NeedAWeightOfZero) {
  EngineConfig engine;
  engine.columns = engine.lanes = 4;
  engine.family = "bit_serial";
  engine.options = {{"coefficients", "8"}};
  const auto family = accelerators::make_family(engine);
  test::ConvolutionLayer layer = depthwise_layer();
  layer.weights = network::PlaneWeights{{network::PlaneAlphabet::signs}, std::vector<std::int16_t>(64, 3)};
  const auto program = compiler::compile(test::network_of(layer), engine, family.get(), {});
  EXPECT_THAT(program.ops[0].mapping, Not(HasSubstr("groups")));
}

compiler::Plan plan_of(const test::ConvolutionLayer& layer, const EngineConfig& engine) {
  const auto family = accelerators::make_family(engine);
  const auto network = test::network_of(layer);
  auto lowered = compiler::lower(network, false);
  compiler::name_weights(lowered.front(), *family);
  return std::get<compiler::Plan>(compiler::make_plan(compiler::layer_of(lowered.front()), engine, *family));
}

// A table of values with a zero, and one without that takes the same bits.
TEST(MergedGroups, AreNeverSlowerByTheEstimate) {
  int merged = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    test::ConvolutionLayer layer = draw_layer(random);
    layer.encoding.levels.clear();
    EngineConfig engine = draw_array(random);
    engine.activation_buffer_bytes = engine.weight_buffer_bytes = 65536;
    engine.family = "lut";
    engine.variant = "codebook";
    layer.weights = network::CodebookWeights{1, {-1, 1}};
    const compiler::Plan apart = plan_of(layer, engine);
    layer.weights = network::CodebookWeights{1, {-1, 0}};
    const compiler::Plan chosen = plan_of(layer, engine);
    ASSERT_EQ(apart.tiling.shape.merge, 1);
    EXPECT_LE(chosen.estimated_cycles, apart.estimated_cycles);
    if (chosen.tiling.shape.merge == 1) {
      EXPECT_EQ(chosen.array_cycles, apart.array_cycles);
      continue;
    }
    EXPECT_LE(chosen.estimated_cycles, apart.estimated_cycles - apart.estimated_cycles / 20);
    ++merged;
  }
  EXPECT_GT(merged, 20);
}

}  // namespace
}  // namespace lutra
