#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accelerators/mac/mac.h"
#include "software/common/error.h"

namespace lutra::accelerators {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

EngineConfig array_of(int rows, int lanes) {
  EngineConfig config;
  config.rows = rows;
  config.lanes = lanes;
  return config;
}

std::vector<std::uint8_t> pack(const EngineConfig& config, const WeightBlock& block, int bits) {
  return make_mac(config)->pack(block, network::UniformWeights{bits}, {}).bytes;
}

// The golden vectors of accelerators/mac/README.md.

TEST(MacPacking, OneLaneOfBytesIsOneWordOfRowsPerPass) {
  const std::vector<std::int16_t> values = {1, 2, 3, -1, -2, -3};  // two outputs of three input channels
  EXPECT_THAT(pack(array_of(2, 1), {.channels = 2, .group_channels = 3, .values = values}, 8),
              ElementsAre(0x01, 0xFF, 0x02, 0xFE, 0x03, 0xFD));
}

TEST(MacPacking, AShortRowBlockHasShortWords) {
  const std::vector<std::int16_t> values = {1, 2, 3, 4, 5, 6};  // three outputs on two rows
  EXPECT_THAT(pack(array_of(2, 1), {.channels = 3, .group_channels = 2, .values = values}, 8),
              ElementsAre(0x01, 0x03, 0x02, 0x04, 0x05, 0x06));
}

TEST(MacPacking, LanesBeyondTheRunAreZeroAndAWordEndsOnAByte) {
  const std::vector<std::int16_t> values = {1, 2, 3, -4, -3, -2};  // 3 bits each
  // Pass 0: row 0 lanes 1, 2; row 1 lanes -4, -3: 001 010 100 101, first lane lowest. Pass 1: 3, 0, -2, 0.
  EXPECT_THAT(pack(array_of(2, 2), {.channels = 2, .group_channels = 3, .values = values}, 3),
              ElementsAre(0x11, 0x0B, 0x83, 0x01));
}

TEST(MacPacking, AWindowRowIsOneRunOfAllItsPixelsChannels) {
  // One output, two channels, window 1 x 2: [c0s0, c0s1, c1s0, c1s1].
  const std::vector<std::int16_t> values = {1, 2, 3, 4};
  const WeightBlock block{.channels = 1, .group_channels = 2, .window_width = 2, .values = values};
  EXPECT_THAT(pack(array_of(1, 4), block, 8), ElementsAre(1, 3, 2, 4));
}

TEST(MacPacking, ADilatedWindowIsOneRunPerPixel) {
  const std::vector<std::int16_t> values = {1, 2, 3, 4};
  const WeightBlock block{.channels = 1, .group_channels = 2, .window_width = 2, .dilation_x = 2, .values = values};
  EXPECT_THAT(pack(array_of(1, 4), block, 8), ElementsAre(1, 3, 0, 0, 2, 4, 0, 0));
}

TEST(MacPacking, EachGroupHasRowBlocksOfItsOwn) {
  // Depthwise: three channels, one output each, window 1 x 2.
  const std::vector<std::int16_t> values = {1, 2, 3, 4, 5, 6};
  const WeightBlock block{
      .channels = 3, .group_channels = 1, .window_width = 2, .input_channels = 3, .group_outputs = 1, .values = values};
  EXPECT_THAT(pack(array_of(16, 1), block, 8), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(pack(array_of(16, 2), block, 4), ElementsAre(0x01, 0x02, 0x03, 0x04, 0x05, 0x06));
}

TEST(MacPacking, ATileMayBeginAndEndWithinAGroup) {
  // Groups of three outputs; the tile holds outputs 2..5: runs of 1, 3.
  const std::vector<std::int16_t> values = {1, 2, 3, 4, 5, 6, 7, 8};
  const WeightBlock block{
      .channels = 4, .group_channels = 2, .input_channels = 4, .group_outputs = 3, .group_phase = 2, .values = values};
  EXPECT_THAT(pack(array_of(4, 1), block, 8), ElementsAre(1, 2, 3, 5, 7, 4, 6, 8));
}

TEST(MacPacking, RefusesWhatDoesNotFit) {
  const std::vector<std::int16_t> values = {8};
  EXPECT_THAT([&] { pack(array_of(1, 1), {.channels = 1, .group_channels = 1, .values = values}, 4); },
              ThrowsMessage<Error>(HasSubstr("weight 8 does not fit 4 signed bits")));
  EXPECT_THAT([&] { pack(array_of(1, 1), {.channels = 1, .group_channels = 2, .values = values}, 8); },
              ThrowsMessage<Error>(HasSubstr("needs 2 values, not 1")));
  EXPECT_THAT([&] { pack(array_of(1, 1), {.channels = 1, .group_channels = 1, .values = values}, 12); },
              ThrowsMessage<Error>(HasSubstr("weights of 12 bits")));
}

}  // namespace
}  // namespace lutra::accelerators
