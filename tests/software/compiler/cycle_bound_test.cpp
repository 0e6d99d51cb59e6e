#include "software/compiler/mapping/cycle_bound.h"

#include <gtest/gtest.h>

#include "software/compiler/compiler.h"
#include "tests/software/compiler/support/random_network.h"

namespace lutra {
namespace {

// Whatever tiles the planner takes, and whatever buffers force upon it.
TEST(CycleBound, LiesBelowTheArrayCyclesOfRandomNetworksOnRandomArrays) {
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
    try {
      for (const compiler::OpPlan& op :
           compiler::compile(network, engine, family.get(), {.allow_cpu_fallback = true}).ops) {
        if (!op.on_engine && !op.reason.empty()) throw Error(op.reason);
        array += op.array_cycles;
      }
    } catch (const Error&) {
      continue;  // the bound is of what the engine computes
    }
    ++compiled;
    const auto bound = compiler::CycleBound(network, false).cycles(engine, *family);
    ASSERT_TRUE(bound) << "seed " << seed;
    EXPECT_LE(*bound, array) << "seed " << seed;
  }
  EXPECT_GT(compiled, 20);
}

}  // namespace
}  // namespace lutra
