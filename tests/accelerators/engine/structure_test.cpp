#include "accelerators/engine/structure.h"

#include <gtest/gtest.h>

#include <map>

namespace lutra::accelerators {
namespace {

struct Memory {
  int banks = 0;
  int width = 0;  // of all banks
  std::int64_t bits = 0;
};

std::map<std::string, Memory> buffers_of(const Structure& structure) {
  std::map<std::string, Memory> found;
  for (const Primitive& part : structure)
    if (part.kind == PrimitiveKind::memory && part.component.ends_with("_buffer"))
      found[part.component] = {part.count, part.count * part.width_a,
                               std::int64_t{part.count} * part.width_a * part.depth};
  return found;
}

int multipliers(const Structure& structure, const std::string& component) {
  int count = 0;
  for (const Primitive& part : structure)
    if (part.kind == PrimitiveKind::multiplier && part.component == component) count += part.count;
  return count;
}

Structure structure_of(const EngineConfig& config) { return engine_structure(config, *make_family(config)); }

TEST(EngineStructure, MakesEveryBufferAsWideAsItsBusiestUser) {
  EngineConfig config;
  config.rows = config.columns = 32;
  config.lanes = 2;
  config.weight_bits = 4;
  config.post_lanes = 8;
  auto buffers = buffers_of(structure_of(config));
  ASSERT_EQ(buffers.size(), 6u);
  EXPECT_EQ(buffers["engine.activation_buffer"].width, 32 * 2 * 8);
  EXPECT_EQ(buffers["engine.weight_buffer"].width, 32 * 2 * 4);
  EXPECT_EQ(buffers["engine.skip_buffer"].width, 8 * 16);
  EXPECT_EQ(buffers["engine.output_buffer"].width, 8 * (16 + 16));
  EXPECT_EQ(buffers["engine.accumulator_buffer"].width, 8 * 32);
  EXPECT_EQ(buffers["engine.parameter_buffer"].width, 8 * 2 * 96);
  EXPECT_EQ(buffers["engine.activation_buffer"].bits, 65536 * 8);
}

TEST(EngineStructure, MakesNoBufferThatIsLoadedOrStoredNarrowerThanTheTransferPort) {
  EngineConfig config;
  config.rows = config.columns = config.post_lanes = 1;
  for (const auto& [name, buffer] : buffers_of(structure_of(config)))
    EXPECT_GE(buffer.width, name == "engine.accumulator_buffer" ? 32 : 128) << name;
}

TEST(EngineStructure, GivesEveryColumnABankThatAlsoFeedsThePostProcessor) {
  EngineConfig config;
  config.columns = 8;
  config.post_lanes = 32;
  auto buffer = buffers_of(structure_of(config)).at("engine.activation_buffer");
  EXPECT_EQ(buffer.banks, 8);
  EXPECT_EQ(buffer.width, 32 * 16);
  config.post_lanes = 1;
  config.lanes = 4;
  buffer = buffers_of(structure_of(config)).at("engine.activation_buffer");
  EXPECT_EQ(buffer.banks, 8);
  EXPECT_EQ(buffer.width, 8 * 4 * 8);
}

// Cells of an array of carry-chain multipliers: weight bits * (activation bits + 1) - 1.
std::int64_t multiplier_cells(int activation_bits, int weight_bits) {
  EngineConfig config;
  config.rows = config.columns = config.lanes = 1;
  config.activation_bits = activation_bits;
  config.weight_bits = weight_bits;
  std::int64_t cells = 0;
  for (const Primitive& part : structure_of(config))
    if (part.kind == PrimitiveKind::multiplier && part.component == "engine.array")
      cells += std::int64_t{part.count} * (part.width_a * (part.width_b + 1) - 1);
  return cells;
}

TEST(EngineStructure, AMultiplierNamesItsWeightFirst) {
  EXPECT_EQ(multiplier_cells(8, 4), 35);
  EXPECT_EQ(multiplier_cells(4, 8), 39);
}

TEST(EngineStructure, APostProcessorsMultiplierNamesItsConstantFirst) {
  int found = 0;
  for (const Primitive& part : structure_of({})) {
    if (part.kind != PrimitiveKind::multiplier || part.component != "engine.post") continue;
    ++found;
    EXPECT_EQ(part.width_a, 16);
    EXPECT_EQ(part.width_b, found == 1 ? 32 : 16);
  }
  EXPECT_EQ(found, 4);
}

TEST(EngineStructure, NeverMakesABufferSmallerThanAsked) {
  EngineConfig config;
  config.rows = 7;
  config.columns = 5;
  config.lanes = 3;
  const auto buffers = buffers_of(structure_of(config));
  EXPECT_GE(buffers.at("engine.activation_buffer").bits, config.activation_buffer_bytes * 8);
  EXPECT_GE(buffers.at("engine.weight_buffer").bits, config.weight_buffer_bytes * 8);
  EXPECT_GE(buffers.at("engine.parameter_buffer").bits, config.parameter_buffer_bytes * 8);
}

TEST(EngineStructure, GrowsThePostProcessorWithItsLanes) {
  EngineConfig config;
  EXPECT_EQ(multipliers(structure_of(config), "engine.array"), 256);
  EXPECT_EQ(multipliers(structure_of(config), "engine.post"), 4 * 16);
  config.post_lanes = 2;
  EXPECT_EQ(multipliers(structure_of(config), "engine.post"), 4 * 2);
}

TEST(EngineStructure, HasNoMultiplierBehindShiftsAndOneForCodesBehindComparators) {
  EngineConfig config;
  config.post = PostForm::shift;
  EXPECT_EQ(multipliers(structure_of(config), "engine.post"), 0);
  config.post = PostForm::thresholds;
  EXPECT_EQ(multipliers(structure_of(config), "engine.post"), 3 * 16 + 1);
  EXPECT_EQ(buffers_of(structure_of(config))["engine.parameter_buffer"].width, 16 * 15 * 32);
}

TEST(EngineStructure, AFewComparatorsTakeNoMultiplierAndWidenTheParameterPort) {
  EngineConfig config;
  config.post_thresholds = 2;
  EXPECT_EQ(multipliers(structure_of(config), "engine.post"), 4 * 16);
  EXPECT_EQ(buffers_of(structure_of(config))["engine.parameter_buffer"].width, 16 * (2 * 96 + 2 * 32));
}

TEST(EngineStructure, MapsNothingToDspBlocksUnlessAllowed) {
  EngineConfig config;
  config.use_dsp = false;
  for (const Primitive& part : structure_of(config)) EXPECT_EQ(part.dsp, DspPart::none) << part.component;
}

TEST(EngineStructure, HasAWeightMemoryWhereOneIsAskedForAsWideAsTheArraysWord) {
  const auto memory_of = [](const Structure& structure) {
    std::int64_t bits = 0;
    for (const Primitive& part : structure)
      if (part.kind == PrimitiveKind::memory && part.component == "engine.weight_memory")
        bits += std::int64_t{part.count} * part.width_a * part.depth;
    return bits;
  };
  EngineConfig config;
  config.lanes = 4;
  EXPECT_EQ(memory_of(structure_of(config)), 0);
  config.weight_memory_bytes = 100'000;
  EXPECT_GE(memory_of(structure_of(config)), 800'000);
  EXPECT_LT(memory_of(structure_of(config)), 800'000 + 16 * 4 * 8);
}

TEST(EngineStructure, HasAMapMemoryAsWideAsTheTransferPortWhereOneIsAskedFor) {
  const auto memories_of = [](const Structure& structure) {
    std::vector<Primitive> memories;
    for (const Primitive& part : structure)
      if (part.kind == PrimitiveKind::memory && part.component == "engine.map_memory") memories.push_back(part);
    return memories;
  };
  EngineConfig config;
  EXPECT_TRUE(memories_of(structure_of(config)).empty());
  config.map_memory_bytes = 100'000;
  const std::vector<Primitive> memories = memories_of(structure_of(config));
  ASSERT_EQ(memories.size(), 1u);
  EXPECT_EQ(memories[0].width_a, 128);
  EXPECT_EQ(memories[0].depth, 100'000 / 16);
}

TEST(EngineStructure, HasNoEmptyPrimitive) {
  EngineConfig config;
  config.rows = config.columns = config.post_lanes = 1;
  for (const EngineConfig& each : {EngineConfig{}, config})
    for (const Primitive& part : structure_of(each)) {
      EXPECT_GT(part.count, 0) << part.component;
      EXPECT_GT(part.width_a, 0) << part.component;
      EXPECT_FALSE(part.component.empty());
    }
}

}  // namespace
}  // namespace lutra::accelerators
