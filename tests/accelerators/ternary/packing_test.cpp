#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "software/common/error.h"
#include "tests/accelerators/ternary/arrays.h"

namespace lutra::accelerators {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

EngineConfig array_of(int rows, int lanes, const std::string& variant = "gated", const std::string& skipping = "none") {
  EngineConfig config = test::ternary_array(variant, skipping);
  config.rows = rows;
  config.lanes = lanes;
  return config;
}

PackedWeights pack(const EngineConfig& config, const std::vector<std::int16_t>& values, int outputs,
                   const network::WeightEncoding& encoding,
                   const network::ActivationEncoding& activation = test::codes_of(8)) {
  const WeightBlock block{
      .channels = outputs, .group_channels = static_cast<int>(values.size()) / outputs, .values = values};
  return make_ternary(config)->pack(block, encoding, activation);
}

const network::TernaryWeights ternary;

// The golden vectors of accelerators/ternary/README.md.

TEST(TernaryPacking, ACodeIsANonZeroBitAndASign) {
  // Word: row 0 lanes 1, 0, -1; row 1 lanes -1, 1, 0: codes 01 00 11 11 01 00 from bit 0 on.
  const PackedWeights packed = pack(array_of(2, 3), {1, 0, -1, -1, 1, 0}, 2, ternary);
  EXPECT_THAT(packed.bytes, ElementsAre(0xF1, 0x01));
  EXPECT_EQ(packed.format, 0);
  EXPECT_EQ(packed.bits, 2);
}

TEST(TernaryPacking, IntegersArePlanesOfABitPerWeightTheTopOneFirst) {
  // 3 bits: 3 = 011, -4 = 100, 1 = 001, -1 = 111 in four lanes.
  const PackedWeights packed = pack(array_of(1, 4), {3, -4, 1, -1}, 1, network::UniformWeights{3});
  EXPECT_THAT(packed.bytes, ElementsAre(0b1010, 0b1001, 0b1101));
  EXPECT_EQ(packed.format, 1);
  EXPECT_EQ(packed.bits, 3);
}

TEST(TernaryPacking, TheWordsOfAPlaneStandTogether) {
  const PackedWeights packed = pack(array_of(1, 2), {3, -4, 1, -1}, 1, network::UniformWeights{3});
  EXPECT_THAT(packed.bytes, ElementsAre(0b10, 0b10, 0b01, 0b10, 0b01, 0b11));
}

TEST(TernaryPacking, AShiftPerOutputStandsInFrontOfItsRowBlock) {
  const network::PlaneWeights planes{{network::PlaneAlphabet::signs, network::PlaneAlphabet::signs},
                                     {1, 1, 4, 4, 32, 32}};
  const PackedWeights packed = pack(array_of(2, 1), {2, 0, -8, 8, 0, -64}, 3, planes);
  EXPECT_THAT(packed.bytes, ElementsAre(1, 3, 0b1101, 0b0100, 6, 0b00, 0b11));
  EXPECT_EQ(packed.format, 2);
}

TEST(TernaryPacking, ABitmapTellsWhichWordsAreNotZero) {
  // Two rows of one lane, ten channels: words 0, 3 and 9 hold something.
  const PackedWeights packed = pack(array_of(2, 1, "gated", "groups"),
                                    {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 1}, 2, ternary);
  EXPECT_THAT(packed.bytes, ElementsAre(0b00001001, 0b10, 0, 0, 0b01, 0, 0, 0b1100, 0, 0, 0, 0, 0, 0b0100));
}

TEST(TernaryPacking, TheFormatTellsTernaryActivationsFromIntegersWhereThatMatters) {
  EXPECT_EQ(pack(array_of(1, 1, "popcount"), {1}, 1, ternary, test::ternary_codes()).format, 4);
  EXPECT_EQ(pack(array_of(1, 1, "popcount"), {1}, 1, network::UniformWeights{4}, test::ternary_codes()).format, 5);
  EXPECT_EQ(pack(array_of(1, 1, "popcount"), {1}, 1, ternary, test::codes_of(2, true)).format, 0);
  EXPECT_EQ(pack(array_of(1, 1, "gated"), {1}, 1, ternary, test::ternary_codes()).format, 0);
}

TEST(TernaryPacking, RefusesValuesBeyondTheEncoding) {
  EXPECT_THAT([] { pack(array_of(1, 1), {2}, 1, ternary); }, ThrowsMessage<Error>(HasSubstr("weight 2 is no 2-bit")));
  EXPECT_THAT([] { pack(array_of(1, 1), {-2}, 1, ternary); },
              ThrowsMessage<Error>(HasSubstr("weight -2 is not one of")));
  EXPECT_THAT([] { pack(array_of(1, 1), {8}, 1, network::UniformWeights{4}); },
              ThrowsMessage<Error>(HasSubstr("weight 8 is no 4-bit")));
  const network::PowerOfTwoWeights fours{{{2}}};
  EXPECT_THAT([&] { pack(array_of(1, 1), {2}, 1, fours); },
              ThrowsMessage<Error>(HasSubstr("weight 2 is no 2-bit integer times 4")));
  const std::vector<std::int16_t> value = {1};
  EXPECT_THAT(
      [&] {
        make_ternary(array_of(1, 1))
            ->pack({.channels = 1, .group_channels = 2, .values = value}, ternary, test::codes_of(8));
      },
      ThrowsMessage<Error>(HasSubstr("needs 2 values, not 1")));
}

}  // namespace
}  // namespace lutra::accelerators
