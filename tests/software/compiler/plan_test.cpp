#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "accelerators/family/timing.h"
#include "software/compiler/compiler.h"
#include "tests/software/compiler/support/commands.h"
#include "tests/software/compiler/support/image_runner.h"
#include "tests/software/compiler/support/layers.h"
#include "tests/software/compiler/support/random_network.h"

namespace lutra {
namespace {

using accelerators::EngineConfig;
using testing::HasSubstr;

// What an operation's command stream amounts to.
struct Work {
  std::uint32_t tiles = 0;
  std::uint64_t cycles = 0;
  std::array<std::uint64_t, LUTRA_BUFFER_COUNT> bytes{};  // moved between memory and each buffer
};

Work work_of(const compiler::Program& program, std::size_t op, const EngineConfig& engine) {
  const auto family = accelerators::make_family(engine);
  Work work;
  struct Visitor {
    Work& work;
    const EngineConfig& engine;
    const accelerators::Family& family;
    void operator()(const lutra_command&) const {}
    void operator()(const lutra_transfer& t) const {
      work.bytes[t.buffer] += std::uint64_t{t.rows} * t.columns * t.element_bytes;
    }
    void operator()(const lutra_tile& tile) const {
      ++work.tiles;
      work.cycles += accelerators::tile_cycles(tile, engine, family);
    }
  };
  test::for_each_command_of(program.image, op, Visitor{work, engine, *family});
  return work;
}

compiler::Program compile_with_fallback(const network::QuantisedNetwork& network, const EngineConfig& engine) {
  return compiler::compile(network, engine, accelerators::make_family(engine).get(), {.allow_cpu_fallback = true});
}

// The middle of a CIFAR ResNet-20.
network::QuantisedNetwork residual_layer() {
  return test::network_of(
      {.input = {32, 16, 16},
       .encoding = test::codes(8),
       .window = {.height = 3, .width = 3, .pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1},
       .output_channels = 32});
}

TEST(Plan, PredictsTheTilesAndTheCyclesOfItsStream) {
  EngineConfig engine;
  engine.activation_bits = 16;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto program = compile_with_fallback(test::random_network(seed), engine);
    for (std::size_t i = 0; i < program.ops.size(); ++i) {
      if (!program.ops[i].on_engine) continue;
      const Work work = work_of(program, i, engine);
      EXPECT_EQ(program.ops[i].tiles, work.tiles) << "seed " << seed << ", operation " << i;
      EXPECT_EQ(program.ops[i].array_cycles, work.cycles) << "seed " << seed << ", operation " << i;
    }
  }
}

TEST(Plan, KeepsTheArrayBusy) {
  const EngineConfig engine;
  const auto program = compile_with_fallback(residual_layer(), engine);
  const std::uint64_t ideal = static_cast<std::uint64_t>(program.ops[0].macs) / 256;
  EXPECT_LT(program.ops[0].array_cycles, ideal * 105 / 100);
  EXPECT_GT(program.ops[0].tiles, 4u);  // so that loading overlaps computing
}

TEST(Plan, LoadsWeightsThatFitOnce) {
  const EngineConfig engine;
  const auto program = compile_with_fallback(residual_layer(), engine);
  const Work work = work_of(program, 0, engine);
  EXPECT_EQ(work.bytes[LUTRA_BUFFER_WEIGHT], program.ops[0].weight_bytes);
  EXPECT_EQ(work.bytes[LUTRA_BUFFER_WEIGHT], 32u * 32u * 9u);
  EXPECT_EQ(work.bytes[LUTRA_BUFFER_OUTPUT], 32u * 16u * 16u);
  EXPECT_LT(work.bytes[LUTRA_BUFFER_ACTIVATION], 2u * 32u * 16u * 16u);  // once, and the rows that bands share
}

TEST(Plan, CutsTheSumWhereTheWeightsOfOneOutputDoNotFit) {
  EngineConfig engine;
  engine.weight_buffer_bytes = 2048;  // one output channel has 9 * 512 weights
  const auto network = test::network_of({.input = {512, 3, 3},
                                         .encoding = test::codes(8),
                                         .window = {.height = 3, .width = 3},
                                         .output_channels = 16,
                                         .weight_bits = 4});
  const auto program = compile_with_fallback(network, engine);
  ASSERT_TRUE(program.ops[0].on_engine) << program.ops[0].reason;
  EXPECT_GT(program.ops[0].tiles, 1u);
  test::Random random(1);
  EXPECT_EQ(test::difference_from_reference(program, network, random.bytes(512 * 9), {.allow_cpu_fallback = true},
                                            engine, accelerators::make_family(engine).get()),
            "");
}

TEST(Plan, SaysWhatLiesWhereAndWhatATileIs) {
  const auto program = compile_with_fallback(residual_layer(), {});
  EXPECT_THAT(program.ops[0].mapping, HasSubstr("rows = output channels"));
  EXPECT_THAT(program.ops[0].mapping, HasSubstr("tile"));
  EXPECT_EQ(program.ops[0].reason, "");
  EXPECT_EQ(program.ops[0].macs, std::int64_t{32} * 32 * 9 * 16 * 16);
}

TEST(Plan, GivesEverythingToTheHartWithoutAnEngine) {
  const auto program = compiler::compile(residual_layer(), {}, nullptr, {});
  EXPECT_FALSE(program.ops[0].on_engine);
  EXPECT_EQ(program.ops[0].reason, "engine: none");
  EXPECT_EQ(test::ops_of(program.image)[0].commands, 0u);
}

}  // namespace
}  // namespace lutra
