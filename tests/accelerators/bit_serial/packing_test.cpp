#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accelerators/bit_serial/bit_serial.h"
#include "software/common/error.h"

namespace lutra::accelerators {
namespace {

using ::testing::ElementsAre;

EngineConfig array_of(int rows, int lanes) {
  EngineConfig config;
  config.family = "bit_serial";
  config.rows = rows;
  config.lanes = lanes;
  config.options = {{"coefficients", "4"}, {"levels", "true"}};
  return config;
}

// The golden vectors of accelerators/bit_serial/README.md.

TEST(BitSerialPacking, APlaneIsAWordOfItsOwn) {
  const std::vector<std::int16_t> values = {1, -2, 3, -4};
  // Bits, lane 0 first: plane 0: 1 0, 1 0; plane 1: 0 1, 1 0; plane 2: 0 1, 0 1.
  const auto packed =
      make_bit_serial(array_of(2, 2))
          ->pack({.channels = 2, .group_channels = 2, .values = values}, network::UniformWeights{3}, {});
  EXPECT_THAT(packed.bytes, ElementsAre(0b0101, 0b0110, 0b1010));
  EXPECT_EQ(packed.format, 0);
  EXPECT_EQ(packed.bits, 3);
}

TEST(BitSerialPacking, CoefficientsStandInFrontAndSignsNeedAPlaneOfOnes) {
  const std::vector<std::int16_t> values = {4, 2, -2, -4};
  const network::PlaneWeights encoding{{network::PlaneAlphabet::signs, network::PlaneAlphabet::signs}, {3, 1}};
  const auto packed =
      make_bit_serial(array_of(1, 4))->pack({.channels = 1, .group_channels = 4, .values = values}, encoding, {});
  EXPECT_THAT(packed.bytes, ElementsAre(6, 0, 2, 0, 0xFC, 0xFF, 0b0011, 0b0101));
  EXPECT_EQ(packed.format, 3);
}

TEST(BitSerialPacking, LevelsComeFirst) {
  const std::vector<std::int16_t> values = {1};
  const auto packed = make_bit_serial(array_of(1, 1))
                          ->pack({.channels = 1, .group_channels = 1, .values = values}, network::UniformWeights{2},
                                 {.bits = 2, .levels = {0, 1, 300, 301}});
  EXPECT_THAT(packed.bytes, ElementsAre(0, 0, 1, 0, 0x2C, 1, 0x2D, 1, 1, 0));
  EXPECT_EQ(packed.format, 4);
}

TEST(BitSerialPacking, RefusesAValueThatIsNotASumOfPlanes) {
  const std::vector<std::int16_t> values = {5};
  const network::PlaneWeights encoding{{network::PlaneAlphabet::positive}, {3}};
  EXPECT_THROW(
      make_bit_serial(array_of(1, 1))->pack({.channels = 1, .group_channels = 1, .values = values}, encoding, {}),
      Error);
}

}  // namespace
}  // namespace lutra::accelerators
