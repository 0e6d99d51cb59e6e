#include "software/compiler/mapping/cycle_bound.h"

#include <gtest/gtest.h>

#include "models/interface/memory_map.h"
#include "software/compiler/compiler.h"
#include "software/prediction/command_stream.h"
#include "software/program/image_reader.h"
#include "tests/software/compiler/support/random_network.h"

namespace lutra {
namespace {

// Of all streams that lie in main memory.
std::uint64_t load_cycles(const compiler::Program& program, const accelerators::EngineConfig& engine,
                          const accelerators::Family& family) {
  std::uint64_t cycles = 0;
  for (const lutra_op& op : program::read_operations(program.image)) {
    if (op.commands == 0) continue;
    const auto stream = std::span(program.image).subspan(op.commands - LUTRA_IMAGE_ADDRESS, op.command_bytes);
    for (const prediction::Work& work : prediction::read_stream(stream, engine, family))
      if (work.unit == accelerators::Unit::load) cycles += work.cycles;
  }
  return cycles;
}

// Whatever tiles the planner takes, and whatever buffers force upon it.
TEST(CycleBound, LiesBelowWhatTheUnitsDoForRandomNetworksOnRandomArrays) {
  int compiled = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    test::Random random(seed);
    const auto network = test::random_network(seed, {.operations = 8, .most_channels = 40, .most_side = 20});
    accelerators::EngineConfig engine;
    engine.rows = random.within(1, 20);
    engine.columns = random.within(1, 20);
    engine.lanes = random.within(1, 9);
    engine.post_lanes = random.within(1, 20);
    engine.post_thresholds = random.within(0, 3);
    engine.activation_bits = 16;
    engine.dataflow =
        random.chance(50) ? accelerators::Dataflow::weight_stationary : accelerators::Dataflow::output_stationary;
    for (int* bytes : {&engine.activation_buffer_bytes, &engine.weight_buffer_bytes, &engine.output_buffer_bytes})
      *bytes = 1 << random.within(8, 16);
    const auto family = accelerators::make_family(engine);
    std::uint64_t array = 0;
    std::uint64_t load = 0;
    accelerators::MemoryUse memory;
    if (random.chance(50)) memory.activations = accelerators::MapPlace::automatic;
    if (random.chance(50)) memory.parameters = accelerators::ConstantPlace::resident;
    engine.map_memory_bytes = 1 << random.within(12, 16);
    try {
      const compiler::Program program =
          compiler::compile(network, engine, family.get(), {.allow_cpu_fallback = true, .memory = memory});
      for (const compiler::OpPlan& op : program.ops) {
        if (!op.on_engine && !op.reason.empty()) throw Error(op.reason);
        array += op.array_cycles;
      }
      load = load_cycles(program, engine, *family);
    } catch (const Error&) {
      continue;  // the bound is of what the engine computes
    }
    ++compiled;
    const auto bound = compiler::CycleBound(network, false).cycles(engine, *family);
    ASSERT_TRUE(bound) << "seed " << seed;
    EXPECT_LE(bound->compute, array) << "seed " << seed;
    EXPECT_LE(bound->load, load) << "seed " << seed;
  }
  EXPECT_GT(compiled, 20);
}

}  // namespace
}  // namespace lutra
