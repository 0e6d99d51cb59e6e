#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accelerators/shift_add/shift_add.h"
#include "software/common/error.h"

namespace lutra::accelerators {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;
using enum network::PlaneAlphabet;

EngineConfig array_of(int rows, int lanes, int parallel = 2) {
  EngineConfig config;
  config.family = "shift_add";
  config.variant = "sub_filters";
  config.rows = rows;
  config.lanes = lanes;
  config.options["parallel"] = std::to_string(parallel);
  return config;
}

PackedWeights pack(const EngineConfig& config, int channels, const std::vector<std::int16_t>& values,
                   const network::WeightEncoding& encoding, int first_output = 0) {
  const int per_channel = static_cast<int>(values.size()) / channels;
  return make_shift_add(config)->pack(
      {.channels = channels, .group_channels = per_channel, .first_output = first_output, .values = values}, encoding,
      {});
}

// The golden vectors of accelerators/shift_add/README.md.

TEST(SubFiltersPacking, ShiftsStandInFrontOfTheWords) {
  const network::PlaneWeights planes{{signs, signs}, {4, 2, 1, -8}};
  // Output 0: 6 = 4 + 2, -2 = 2 - 4; output 1: 9 = 1 + 8 by the minus of a minus, 7 = 8 - 1.
  const auto packed = pack(array_of(2, 2), 2, {6, -2, 9, 7}, planes);
  EXPECT_THAT(packed.bytes, ElementsAre(0x12, 0xB0, 0b00011011));
  EXPECT_EQ(packed.format, 0);
  EXPECT_EQ(packed.bits, 2);
}

TEST(SubFiltersPacking, CoefficientsAreThoseOfTheBlocksOutputs) {
  const network::PlaneWeights planes{{signs, signs}, {4, 2, 1, -8}};
  EXPECT_THAT(pack(array_of(2, 2), 1, {9, 7}, planes, 1).bytes, ElementsAre(0xB0, 0b0001));
}

TEST(SubFiltersPacking, IntegersAreTheirBitsAndTheTopOneSubtracts) {
  const auto packed = pack(array_of(1, 2), 1, {3, -4}, network::UniformWeights{3});
  // Planes 0 and 1: shifts 0 and 1, bits 11 and 00. Plane 2: minus shift 2, bits 0 and 1, and no plane 3.
  EXPECT_THAT(packed.bytes, ElementsAre(0x10, 0b0011, 0x7A, 0b10));
  EXPECT_EQ(packed.format, 0b010101);
  EXPECT_EQ(packed.bits, 3);
}

TEST(SubFiltersPacking, TernaryWeightsAreAPlaneOfOnesAndAPlaneOfMinusOnes) {
  const auto packed = pack(array_of(1, 4), 1, {1, 0, -1, -1}, network::TernaryWeights{});
  EXPECT_THAT(packed.bytes, ElementsAre(0x00, 0b10100001));
  EXPECT_EQ(packed.format, 0b1001);
  EXPECT_EQ(packed.bits, 2);
}

TEST(SubFiltersPacking, APlaneAtATimeIsASweepOfItsOwn) {
  const auto packed = pack(array_of(1, 4, 1), 1, {1, 0, -1, -1}, network::TernaryWeights{});
  EXPECT_THAT(packed.bytes, ElementsAre(0x00, 0b0001, 0x00, 0b1100));
}

TEST(SubFiltersPacking, ASweepHoldsTheTablesOfItsRowBlocksAndThenTheirWords) {
  // Three outputs on two rows: a block of two and one of one, each swept twice.
  const auto packed = pack(array_of(2, 1, 1), 3, {1, 0, -1}, network::UniformWeights{2});
  EXPECT_THAT(packed.bytes, ElementsAre(0x00, 0x00, 0b01, 0b1, 0x99, 0x09, 0b00, 0b1));
}

TEST(SubFiltersPacking, ACoefficientOfZeroIsTwoToTheSeventh) {
  const network::PlaneWeights planes{{positive}, {0}};
  EXPECT_THAT(pack(array_of(1, 1), 1, {0}, planes).bytes, ElementsAre(0x77, 0));
}

TEST(SubFiltersPacking, RefusesWhatThePlanesCannotExpress) {
  const network::PlaneWeights planes{{signs, signs}, {4, 2}};
  EXPECT_THAT([&] { pack(array_of(1, 1), 1, {5}, planes); },
              ThrowsMessage<Error>(HasSubstr("weight 5 of output channel 0 is none of its planes' sums")));
  EXPECT_THAT([&] { pack(array_of(1, 1), 1, {6}, planes, 1); },
              ThrowsMessage<Error>(HasSubstr("hold none of output channel 1")));
  EXPECT_THAT(
      [] {
        pack(array_of(1, 1), 1, {3}, network::PlaneWeights{{positive}, {3}});
      },
      ThrowsMessage<Error>(HasSubstr("a plane coefficient of 3, which is not a power of two")));
  EXPECT_THAT([] { pack(array_of(1, 1), 1, {1}, network::PowerOfTwoWeights{{{0}}}); },
              ThrowsMessage<Error>(HasSubstr("one coefficient per output channel")));
}

}  // namespace
}  // namespace lutra::accelerators
