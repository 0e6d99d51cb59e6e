#include "accelerators/engine/structure.h"

#include <gtest/gtest.h>

#include <map>

namespace lutra::accelerators {
namespace {

struct Memory {
  int width = 0;
  std::int64_t bits = 0;
};

std::map<std::string, Memory> buffers_of(const Structure& structure) {
  std::map<std::string, Memory> found;
  for (const Primitive& part : structure)
    if (part.kind == PrimitiveKind::memory && part.component.ends_with("_buffer"))
      found[part.component] = {part.width_a, std::int64_t{part.width_a} * part.depth};
  return found;
}

int multipliers(const Structure& structure, const std::string& component) {
  int count = 0;
  for (const Primitive& part : structure)
    if (part.kind == PrimitiveKind::multiplier && part.component == component) count += part.count;
  return count;
}

Structure structure_of(const EngineConfig& config) { return engine_structure(config, *make_family(config)); }

TEST(EngineStructure, HoldsEveryBufferAtItsPortsWidth) {
  EngineConfig config;
  config.rows = 8;
  config.columns = 4;
  config.lanes = 2;
  config.weight_bits = 4;
  config.post_lanes = 8;
  auto buffers = buffers_of(structure_of(config));
  ASSERT_EQ(buffers.size(), 6u);
  EXPECT_EQ(buffers["engine.activation_buffer"].width, 128);
  EXPECT_EQ(buffers["engine.weight_buffer"].width, 128);
  EXPECT_EQ(buffers["engine.skip_buffer"].width, 8 * 16);
  EXPECT_EQ(buffers["engine.output_buffer"].width, 8 * (16 + 8));
  EXPECT_EQ(buffers["engine.accumulator_buffer"].width, 8 * 32);
  EXPECT_EQ(buffers["engine.parameter_buffer"].width, 8 * 96);
  EXPECT_EQ(buffers["engine.activation_buffer"].bits, 65536 * 8);

  config.columns = config.rows = 32;
  buffers = buffers_of(structure_of(config));
  EXPECT_EQ(buffers["engine.activation_buffer"].width, 32 * 2 * 8);
  EXPECT_EQ(buffers["engine.weight_buffer"].width, 32 * 2 * 4);
}

TEST(EngineStructure, AMultiplierNamesItsWeightFirst) {
  EngineConfig config;
  config.weight_bits = 4;
  for (const Primitive& part : structure_of(config))
    if (part.kind == PrimitiveKind::multiplier && part.component == "engine.array") {
      EXPECT_EQ(part.width_a, 4);
      EXPECT_EQ(part.width_b, 8);
    }
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

TEST(EngineStructure, MapsNothingToDspBlocksUnlessAllowed) {
  EngineConfig config;
  config.use_dsp = false;
  for (const Primitive& part : structure_of(config)) EXPECT_FALSE(part.dsp) << part.component;
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
