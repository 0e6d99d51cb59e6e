#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "software/common/error.h"
#include "software/compiler/compiler.h"
#include "software/compiler/image_writer.h"
#include "software/reference/executor.h"
#include "software/simulation/simulation.h"
#include "tests/software/compiler/support/image_runner.h"
#include "tests/software/compiler/support/layers.h"
#include "tests/software/compiler/support/random_network.h"

// Each test is a process of its own, and simulates once.

namespace lutra {
namespace {

using testing::HasSubstr;

models::SocConfig small_soc() {
  models::SocConfig soc;
  soc.tcm_bytes = 128u << 10;
  soc.main_memory.bytes = 4u << 20;
  return soc;
}

accelerators::EngineConfig small_engine() {
  accelerators::EngineConfig engine;
  engine.rows = engine.columns = 8;
  engine.activation_bits = 16;
  engine.activation_buffer_bytes = engine.weight_buffer_bytes = 4096;
  return engine;
}

struct Experiment {
  network::QuantisedNetwork network;
  std::optional<accelerators::EngineConfig> engine;
  compiler::Program program;
  std::vector<std::uint8_t> pixels;

  Experiment(network::QuantisedNetwork n, std::optional<accelerators::EngineConfig> e,
             accelerators::MemoryUse memory = {})
      : network(std::move(n)), engine(std::move(e)) {
    const auto family = engine ? accelerators::make_family(*engine) : nullptr;
    program = compiler::compile(
        network, engine.value_or(accelerators::EngineConfig{}), family.get(),
        {.allow_cpu_fallback = true, .normalise_on_hart = true, .main_memory_bytes = 4u << 20, .memory = memory});
    test::Random random(1);
    pixels = random.bytes(network.edges[static_cast<std::size_t>(network.input.edge)].shape.elements());
  }

  lutra_op op(std::size_t index) const { return test::ops_of(program.image)[index]; }

  void forge(std::uint32_t address, std::uint32_t value) {
    std::memcpy(&program.image[address - LUTRA_IMAGE_ADDRESS], &value, sizeof value);
    const std::uint32_t checksum = compiler::image_checksum(program.image);
    std::memcpy(&program.image[offsetof(lutra_image, checksum)], &checksum, sizeof checksum);
  }

  simulation::Simulation simulate(int frames = 1) const {
    return simulation::simulate(small_soc(), engine, program, network.edges[static_cast<std::size_t>(network.output)],
                                std::vector(static_cast<std::size_t>(frames), pixels));
  }

  std::string failure() const {
    try {
      simulate();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
};

std::uint32_t op_address(const Experiment& run, std::size_t index, std::size_t field) {
  return static_cast<std::uint32_t>(test::header_of(run.program.image).ops + index * sizeof(lutra_op) + field);
}

network::QuantisedNetwork convolution() {
  return test::network_of({.input = {8, 9, 9},
                           .encoding = test::codes(8),
                           .window = {.height = 3, .width = 3, .pad_top = 1, .pad_left = 1}});
}

class RandomNetworkOnTheSoc : public testing::TestWithParam<int> {};

TEST_P(RandomNetworkOnTheSoc, GivesTheReferencesLogits) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  const Experiment run(test::random_network(seed), seed % 3 == 0 ? std::nullopt : std::optional(small_engine()));
  const auto simulation = run.simulate(2);
  const auto expected = reference::IntegerExecutor(run.network).run(run.pixels);
  ASSERT_EQ(simulation.frames.size(), 2u);
  EXPECT_EQ(simulation.frames[0].logits, expected);
  EXPECT_EQ(simulation.frames[1].logits, expected);
  EXPECT_EQ(simulation.console, "");
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomNetworkOnTheSoc, testing::Range(1, 13),
                         [](const auto& test) { return "seed_" + std::to_string(test.param); });

accelerators::EngineConfig engine_with_weight_memory() {
  accelerators::EngineConfig engine = small_engine();
  engine.weight_memory_bytes = 1 << 16;
  return engine;
}

constexpr accelerators::MemoryUse all_resident{accelerators::WeightPlace::resident};

TEST_P(RandomNetworkOnTheSoc, LoadsResidentWeightsInTheFirstFrameAlone) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  const Experiment run(test::random_network(seed), engine_with_weight_memory(), all_resident);
  const auto simulation = run.simulate(3);
  const auto written = [&](std::size_t frame) {
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < simulation.counters.size(); ++i)
      if (simulation.counters[i].component == "engine.weight_memory" && simulation.counters[i].event == "write_bytes")
        bytes += simulation.frames[frame].outside.counters[i];
    return bytes;
  };
  const auto expected = reference::IntegerExecutor(run.network).run(run.pixels);
  for (const auto& frame : simulation.frames) EXPECT_EQ(frame.logits, expected);
  EXPECT_EQ(written(0), run.program.resident_bytes);
  EXPECT_EQ(written(1), 0u);
  EXPECT_EQ(written(2), 0u);
}

TEST_P(RandomNetworkOnTheSoc, GivesTheReferencesLogitsWithMapsOnChip) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  accelerators::EngineConfig engine = engine_with_weight_memory();
  engine.map_memory_bytes = seed % 2 == 0 ? 1 << 16 : 500;
  accelerators::MemoryUse memory{accelerators::WeightPlace::automatic, accelerators::MapPlace::automatic};
  if (seed % 4 == 0) {
    memory.parameters = memory.commands = accelerators::ConstantPlace::resident;
    engine.command_memory_bytes = 1 << 18;
  }
  const Experiment run(test::random_network(seed), engine, memory);
  const auto expected = reference::IntegerExecutor(run.network).run(run.pixels);
  for (const auto& frame : run.simulate(3).frames) EXPECT_EQ(frame.logits, expected);
}

TEST_P(RandomNetworkOnTheSoc, GivesTheReferencesLogitsWithJoins) {
  const auto seed = static_cast<std::uint64_t>(GetParam());
  accelerators::EngineConfig engine = engine_with_weight_memory();
  engine.map_memory_bytes = seed % 2 == 0 ? 1 << 16 : 2000;
  engine.post_thresholds = 2;
  const Experiment run(test::random_network(seed, {.operations = 3, .joins = true}), engine,
                       {.activations = accelerators::MapPlace::automatic});
  const auto expected = reference::IntegerExecutor(run.network).run(run.pixels);
  for (const auto& frame : run.simulate(2).frames) EXPECT_EQ(frame.logits, expected);
}

TEST(Firmware, SaysWhereAMapLeavesTheMapMemory) {
  accelerators::EngineConfig engine = engine_with_weight_memory();
  engine.map_memory_bytes = 1 << 16;
  Experiment run(test::random_network(2), engine, {.activations = accelerators::MapPlace::on_chip});
  ASSERT_GT(run.program.map_bytes, 16u);
  run.engine->map_memory_bytes = 16;
  EXPECT_THAT(run.failure(), HasSubstr("the engine failed at operation"));
}

TEST(Firmware, SaysWhereTheStartUpStreamFails) {
  Experiment run(convolution(), engine_with_weight_memory(), all_resident);
  run.forge(test::header_of(run.program.image).startup, 9);
  EXPECT_THAT(run.failure(), HasSubstr("the engine failed at operation 0xffffffff"));
}

TEST(Firmware, ProfilesEveryOperation) {
  const Experiment run(convolution(), small_engine());
  const auto frame = run.simulate().frames.at(0);
  ASSERT_EQ(frame.ops.size(), 2u);
  for (const auto& op : frame.ops) {
    EXPECT_GT(op.hart_instructions, 20u);
    EXPECT_GT(op.hart_cycles, op.hart_instructions);
    EXPECT_LE(op.hart_cycles, op.cycles);
    EXPECT_GE(op.hart_cycles + 200, op.cycles);  // all but the marks and the profile itself
  }
}

TEST(Firmware, SleepsWhileTheEngineWorks) {
  const Experiment run(convolution(), small_engine());
  const auto frame = run.simulate().frames.at(0);
  EXPECT_LT(frame.ops.at(1).hart_instructions, 300u);
}

TEST(Firmware, ReportsWhatTheEngineRefuses) {
  Experiment run(convolution(), small_engine());
  run.forge(run.op(1).commands, 0x000400EE);  // no such opcode
  const std::string message = run.failure();
  EXPECT_THAT(message, HasSubstr("the engine failed at operation 0x00000001"));
  EXPECT_THAT(message, HasSubstr("error 0x00000001"));
}

TEST(Firmware, ReportsATrap) {
  Experiment run(test::network_of_concatenation(), std::nullopt);
  run.forge(op_address(run, 1, offsetof(lutra_op, output_channel)), 0x10000000);  // where there is no memory
  EXPECT_THAT(run.failure(), HasSubstr("unexpected trap, cause 0x00000007"));     // store access fault
}

TEST(Firmware, ReportsAnOperationItCannotCompute) {
  Experiment run(convolution(), std::nullopt);
  run.forge(op_address(run, 1, offsetof(lutra_op, dilation_y)), 0xFFFF0001);  // rows that no working memory holds
  EXPECT_THAT(run.failure(), HasSubstr("cannot compute operation 0x00000001"));
}

TEST(Firmware, ReportsAMissingEngine) {
  Experiment run(convolution(), small_engine());
  run.engine.reset();
  EXPECT_THAT(run.failure(), HasSubstr("unexpected trap, cause 0x00000005"));  // load access fault
}

}  // namespace
}  // namespace lutra
