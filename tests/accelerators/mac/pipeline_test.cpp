#include "accelerators/array/pipeline.h"

#include <gtest/gtest.h>

#include "accelerators/array/timing.h"
#include "accelerators/mac/mac.h"

namespace lutra::accelerators {
namespace {

EngineConfig with_pipeline(int registers, int lanes = 16) {
  EngineConfig config;
  config.pipeline = registers;
  config.lanes = lanes;
  return config;
}

std::int64_t register_bits(const EngineConfig& config) {
  std::int64_t bits = 0;
  for (const Primitive& part : make_mac(config)->structure())
    if (part.component == "engine.array" && part.kind == PrimitiveKind::registers)
      bits += std::int64_t{part.count} * part.width_a;
  return bits;
}

TEST(Pipeline, LiesEvenlyAmongTheStepsAndTheAccumulation) {
  for (int steps = 0; steps <= 12; ++steps)
    for (int most = 0; most <= 16; ++most) {
      SCOPED_TRACE(std::to_string(most) + " registers, " + std::to_string(steps) + " steps");
      const array::Pipeline pipeline(steps, with_pipeline(most));
      EXPECT_EQ(pipeline.registers(), std::min(most, steps));
      int longest = 0, shortest = steps + 1, length = 0, seen = 0;
      for (int step = 1; step <= steps + 1; ++step) {
        ++length;
        if (step <= steps && !pipeline.registered(step)) continue;
        seen += step <= steps ? 1 : 0;
        longest = std::max(longest, length);
        shortest = std::min(shortest, length);
        length = 0;
      }
      EXPECT_EQ(seen, pipeline.registers());
      EXPECT_LE(longest - shortest, 1);
    }
}

TEST(Pipeline, ARegisterIsACycleOfFillUpToOnePerStep) {
  const MatrixTile tile{.rows = 4,
                        .columns = 4,
                        .channels = 16,
                        .group_channels = 16,
                        .group_outputs = 16,
                        .input_width = 4,
                        .input_channels = 16,
                        .input_pixel_bytes = 16};
  const std::uint64_t without = make_mac(with_pipeline(0))->cycles(tile, true);
  for (const int registers : {1, 3, 5})
    EXPECT_EQ(make_mac(with_pipeline(registers))->cycles(tile, true), without + registers);
  EXPECT_EQ(make_mac(with_pipeline(16))->cycles(tile, true), without + 5);  // a product and four levels
}

TEST(Pipeline, WithoutRegistersOnlyOperandsAndSumsAreHeld) {
  const EngineConfig config = with_pipeline(0);
  const std::int64_t elements = std::int64_t{1} * config.rows * config.columns;
  const std::int64_t operands =
      std::int64_t{1} * config.lanes * (config.rows * config.weight_bits + config.columns * config.activation_bits);
  EXPECT_EQ(register_bits(config), operands + elements * 2 * config.accumulator_bits);
  EXPECT_GT(register_bits(with_pipeline(1)), register_bits(config));
  EXPECT_GT(register_bits(with_pipeline(16)), register_bits(with_pipeline(1)));
}

}  // namespace
}  // namespace lutra::accelerators
