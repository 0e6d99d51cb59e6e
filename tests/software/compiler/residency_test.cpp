#include "software/compiler/residency.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/error.h"
#include "software/compiler/compiler.h"
#include "tests/software/compiler/support/commands.h"
#include "tests/software/compiler/support/image_runner.h"
#include "tests/software/compiler/support/layers.h"
#include "tests/software/compiler/support/random_network.h"

namespace lutra {
namespace {

using accelerators::EngineConfig;
using accelerators::WeightPlace;
using compiler::Keepable;
using testing::HasSubstr;

struct Kept {
  std::uint64_t held = 0;
  std::uint64_t saved = 0;
};

template <typename Chosen>
Kept kept(const std::vector<Keepable>& weights, const Chosen& chosen) {
  Kept sum;
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (chosen(i)) {
      sum.held += weights[i].held_bytes;
      sum.saved += weights[i].saved_bytes;
    }
  return sum;
}

TEST(Residency, KeepsWhatSavesMostOfAllThatFits) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    std::vector<Keepable> weights(static_cast<std::size_t>(random.within(0, 9)));
    for (Keepable& each : weights)
      each = {4 * static_cast<std::uint64_t>(random.within(1, 60)), static_cast<std::uint64_t>(random.within(1, 900))};
    const auto capacity = static_cast<std::uint64_t>(random.within(0, 1200));
    std::uint64_t best = 0;
    for (std::size_t subset = 0; subset < std::size_t{1} << weights.size(); ++subset) {
      const Kept sum = kept(weights, [&](std::size_t i) { return (subset >> i & 1) != 0; });
      if (sum.held <= capacity) best = std::max(best, sum.saved);
    }
    const std::vector<bool> chosen = compiler::choose_resident(weights, capacity);
    ASSERT_EQ(chosen.size(), weights.size());
    const Kept sum = kept(weights, [&](std::size_t i) { return chosen[i]; });
    EXPECT_LE(sum.held, capacity);
    EXPECT_EQ(sum.saved, best);
  }
}

network::QuantisedNetwork layer() {
  return test::network_of(
      {.input = {32, 16, 16},
       .encoding = test::codes(8),
       .window = {.height = 3, .width = 3, .pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1},
       .output_channels = 32});
}
constexpr int layer_bytes = 32 * 32 * 9;

compiler::Program compile(WeightPlace place, int memory_bytes, int buffer_bytes = 65536) {
  EngineConfig engine;
  engine.weight_memory_bytes = memory_bytes;
  engine.weight_buffer_bytes = buffer_bytes;
  return compiler::compile(layer(), engine, accelerators::make_family(engine).get(), {.memory = {place}});
}

struct Loaded {
  std::uint64_t weight_buffer = 0;
  std::uint64_t weight_memory = 0;
  void operator()(const lutra_command&) const {}
  void operator()(const lutra_tile&) const {}
  void operator()(const lutra_transfer& t) {
    const std::uint64_t bytes = std::uint64_t{t.rows} * t.columns * t.element_bytes;
    if (t.buffer == LUTRA_BUFFER_WEIGHT) weight_buffer += bytes;
    if (t.buffer == LUTRA_BUFFER_WEIGHT_MEMORY) weight_memory += bytes;
  }
};

Loaded startup_of(const compiler::Program& program) {
  Loaded loaded;
  const lutra_image header = test::header_of(program.image);
  if (header.startup != 0)
    test::for_each_command(test::bytes_of(program.image, header.startup, header.startup_bytes), std::ref(loaded));
  return loaded;
}

Loaded frame_of(const compiler::Program& program) {
  Loaded loaded;
  for (const lutra_op& op : test::ops_of(program.image))
    if (op.commands != 0) test::for_each_command(test::stream_of(program.image, op), std::ref(loaded));
  return loaded;
}

TEST(Residency, LoadsResidentWeightsAtStartUpAndNeverInAFrame) {
  const auto streamed = compile(WeightPlace::streamed, layer_bytes);
  EXPECT_EQ(test::header_of(streamed.image).startup, 0u);
  EXPECT_EQ(frame_of(streamed).weight_buffer, std::uint64_t{layer_bytes});
  for (const WeightPlace place : {WeightPlace::resident, WeightPlace::automatic}) {
    const auto resident = compile(place, layer_bytes);
    EXPECT_TRUE(resident.ops[0].resident);
    EXPECT_EQ(startup_of(resident).weight_memory, std::uint64_t{layer_bytes});
    EXPECT_EQ(frame_of(resident).weight_buffer, 0u);
    EXPECT_EQ(frame_of(resident).weight_memory, 0u);
  }
}

TEST(Residency, RefusesWhatDoesNotFitWithTheBytesAndTheWayOut) {
  try {
    compile(WeightPlace::resident, layer_bytes - 1);
    FAIL() << "compiled";
  } catch (const compiler::NoRoom& error) {
    EXPECT_THAT(error.what(), HasSubstr("engine.weight_memory_bytes"));
    EXPECT_THAT(error.what(), HasSubstr("need 9216 bytes"));
    EXPECT_THAT(error.what(), HasSubstr("9215 are given"));
    EXPECT_THAT(error.what(), HasSubstr("weights: auto"));
  }
  const auto left = compile(WeightPlace::automatic, layer_bytes - 1);
  EXPECT_FALSE(left.ops[0].resident);
  EXPECT_EQ(frame_of(left).weight_buffer, std::uint64_t{layer_bytes});
}

TEST(Residency, NeedsNoWeightBufferForWhatStays) {
  EXPECT_TRUE(compile(WeightPlace::automatic, layer_bytes, 64).ops[0].resident);
}

TEST(Residency, SaysWhatStaysAndWhatIsStreamed) {
  std::vector<compiler::OpPlan> ops(3);
  ops[0].name = "first";
  ops[0].weight_bytes = 100;
  ops[1].name = "pool";
  ops[2].name = "last";
  ops[2].weight_bytes = 50;
  EXPECT_THAT(compiler::residency_text(ops), HasSubstr("streamed per frame"));
  ops[0].resident = true;
  EXPECT_THAT(compiler::residency_text(ops), HasSubstr("100 of 150 bytes"));
  EXPECT_THAT(compiler::residency_text(ops), HasSubstr("50 are read from main memory for every image: last"));
  ops[2].resident = true;
  EXPECT_THAT(compiler::residency_text(ops), testing::Not(HasSubstr("read from main memory")));
}

}  // namespace
}  // namespace lutra
