#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accelerators/shift_add/shift_add.h"
#include "software/common/error.h"

namespace lutra::accelerators {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

EngineConfig array_of(int rows, int lanes) {
  EngineConfig config;
  config.family = "shift_add";
  config.rows = rows;
  config.lanes = lanes;
  return config;
}

PackedWeights pack(const EngineConfig& config, int channels, const std::vector<std::int16_t>& values,
                   const network::WeightEncoding& encoding) {
  const int per_channel = static_cast<int>(values.size()) / channels;
  return make_shift_add(config)->pack({.channels = channels, .group_channels = per_channel, .values = values}, encoding,
                                      {});
}

// The golden vectors of accelerators/shift_add/README.md.

TEST(PowerOfTwoPacking, IntegersKeepTheirTwosComplement) {
  const auto packed = pack(array_of(2, 2), 2, {1, 2, 3, -4, -3, -2}, network::UniformWeights{3});
  EXPECT_THAT(packed.bytes, ElementsAre(0x11, 0x0B, 0x83, 0x01));
  EXPECT_EQ(packed.format, 0);
  EXPECT_EQ(packed.bits, 3);
}

TEST(PowerOfTwoPacking, TernaryWeightsAreNotZeroAndSign) {
  const auto packed = pack(array_of(1, 4), 1, {1, 0, -1, -1}, network::TernaryWeights{});
  EXPECT_THAT(packed.bytes, ElementsAre(0xF1));  // 01, 00, 11, 11
  EXPECT_EQ(packed.format, 1);
  EXPECT_EQ(packed.bits, 2);
}

TEST(PowerOfTwoPacking, APowerOfTwoIsASignAndAnIndex) {
  const auto packed = pack(array_of(1, 2), 1, {4, -1, 0, -16}, network::PowerOfTwoWeights{{{0, 2, 4}}});
  // Codes of 3 bits: 100, 011, 000, 111.
  EXPECT_THAT(packed.bytes, ElementsAre(0b011100, 0b111000));
  EXPECT_EQ(packed.format, 2 | 0b0010101 << 2);
  EXPECT_EQ(packed.bits, 3);
}

TEST(PowerOfTwoPacking, ASumOfTwoPowersHasAnIndexForEach) {
  const auto packed = pack(array_of(1, 1), 1, {9, -2, 8, 0}, network::PowerOfTwoWeights{{{0, 1}, {1, 2, 3}}});
  // Sign, two bits of the first index, two of the second: 9 = 2^0 + 2^3, -2 = -2^1 of the second term.
  EXPECT_THAT(packed.bytes, ElementsAre(0b11010, 0b00101, 0b11000, 0));
  EXPECT_EQ(packed.format, 2 | 0b11 << 2 | 0b1110 << 9);
  EXPECT_EQ(packed.bits, 5);
}

TEST(PowerOfTwoPacking, RefusesWhatHasNoCode) {
  EXPECT_THAT([] { pack(array_of(1, 1), 1, {8}, network::UniformWeights{4}); },
              ThrowsMessage<Error>(HasSubstr("weight 8 has no code of 4 bits")));
  EXPECT_THAT(
      [] {
        pack(array_of(1, 1), 1, {3}, network::PowerOfTwoWeights{{{0, 1}}});
      },
      ThrowsMessage<Error>(HasSubstr("weight 3 has no code of 3 bits")));
  EXPECT_THAT(
      [] {
        pack(array_of(1, 1), 1, {0}, network::CodebookWeights{1, {0, 5}});
      },
      ThrowsMessage<Error>(HasSubstr("1-bit codebook: its shifters take powers of two")));
  const std::vector<std::int16_t> values = {1};
  EXPECT_THAT(
      [&] {
        make_shift_add(array_of(1, 1))
            ->pack({.channels = 1, .group_channels = 2, .values = values}, network::TernaryWeights{}, {});
      },
      ThrowsMessage<Error>(HasSubstr("needs 2 values, not 1")));
}

}  // namespace
}  // namespace lutra::accelerators
