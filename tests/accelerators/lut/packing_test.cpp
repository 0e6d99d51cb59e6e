#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accelerators/lut/lut.h"
#include "software/common/error.h"
#include "tests/accelerators/lut/lut_config.h"

namespace lutra::accelerators {
namespace {

using network::PlaneAlphabet;
using network::PlaneWeights;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

EngineConfig tables_of(int rows, int lanes, std::map<std::string, std::string> options = {}) {
  EngineConfig config = test::lut_array("tables");
  config.rows = rows;
  config.lanes = lanes;
  config.options = std::move(options);
  config.options["group"] = "2";
  return config;
}

PackedWeights pack(const EngineConfig& config, const std::vector<std::int16_t>& values, int channels,
                   const network::WeightEncoding& encoding, const network::ActivationEncoding& activation = {}) {
  return make_lut(config)->pack(
      {.channels = channels, .group_channels = static_cast<int>(values.size()) / channels, .values = values}, encoding,
      activation);
}

// The golden vectors of accelerators/lut/README.md.

TEST(TablesPacking, ThePlanesOfAnIntegerFollowEachOtherTheTopOneFirst) {
  const PackedWeights packed = pack(tables_of(2, 2), {1, -2, -1, 0}, 2, network::UniformWeights{2});
  EXPECT_THAT(packed.bytes, ElementsAre(0x06, 0x05));
  EXPECT_EQ(packed.format, 0);
  EXPECT_EQ(packed.bits, 2);
}

TEST(TablesPacking, TernaryWeightsAreIntegersOfTwoBits) {
  const PackedWeights packed = pack(tables_of(1, 4), {1, 0, -1, 1}, 1, network::TernaryWeights{});
  EXPECT_THAT(packed.bytes, ElementsAre(0x04, 0x0D));
  EXPECT_EQ(packed.bits, 2);
}

TEST(TablesPacking, ALevelTableTravelsInFront) {
  const network::ActivationEncoding activation = test::codes(2, false, {0, 1, 3, -7});
  const PackedWeights packed =
      pack(tables_of(2, 2, {{"levels", "true"}}), {1, -2, -1, 0}, 2, network::UniformWeights{2}, activation);
  EXPECT_THAT(packed.bytes, ElementsAre(0x00, 0x01, 0x03, 0xF9, 0x06, 0x05));
  EXPECT_EQ(packed.format, 1);
}

TEST(TablesPacking, SignsInFullTablesNeedTheSumOfAllActivations) {
  const PackedWeights packed =
      pack(tables_of(1, 2, {{"coefficients", "multiply"}}), {5, -5}, 1, PlaneWeights{{PlaneAlphabet::signs}, {5}});
  EXPECT_THAT(packed.bytes, ElementsAre(0x0A, 0x00, 0xFB, 0xFF, 0x01));
  EXPECT_EQ(packed.format, 6);
  EXPECT_EQ(packed.bits, 1);
}

TEST(TablesPacking, SignsInHalfTablesDoNot) {
  const PackedWeights packed = pack(tables_of(1, 2, {{"coefficients", "multiply"}, {"half_tables", "true"}}), {5, -5},
                                    1, PlaneWeights{{PlaneAlphabet::signs}, {5}});
  EXPECT_THAT(packed.bytes, ElementsAre(0x0A, 0x00, 0x01));
  EXPECT_EQ(packed.format, 2);
}

TEST(TablesPacking, AShifterTakesExponents) {
  const PackedWeights packed = pack(tables_of(1, 2, {{"coefficients", "shift"}, {"half_tables", "true"}}), {8, 0}, 1,
                                    PlaneWeights{{PlaneAlphabet::signs, PlaneAlphabet::signs}, {4, 4}});
  EXPECT_THAT(packed.bytes, ElementsAre(0x04, 0x04, 0x03, 0x01));
  const PackedWeights negative =
      pack(tables_of(1, 2, {{"coefficients", "shift"}}), {-2, 0}, 1, PlaneWeights{{PlaneAlphabet::negative}, {2}});
  EXPECT_THAT(negative.bytes, ElementsAre(0x82, 0x01));
}

TEST(CodebookPacking, TheTableTravelsInFrontOfTheIndices) {
  EngineConfig config = test::lut_array("codebook");
  config.rows = 2;
  config.lanes = 1;
  const PackedWeights packed = pack(config, {0, 7, -5, 3}, 2, network::CodebookWeights{2, {-5, 0, 3, 7}});
  EXPECT_THAT(packed.bytes, ElementsAre(0xFB, 0x00, 0x03, 0x07, 0x01, 0x0B));
  EXPECT_EQ(packed.format, 1);
  EXPECT_EQ(packed.bits, 2);
  EXPECT_THAT(pack(config, {1, -1}, 2, network::UniformWeights{4}).bytes, ElementsAre(0xF1));
}

TEST(Packing, RefusesValuesThatTheEncodingDoesNotHave) {
  EXPECT_THAT([] { pack(tables_of(1, 2), {2}, 1, network::UniformWeights{2}); },
              ThrowsMessage<Error>(HasSubstr("weight 2 does not fit 2 signed bits")));
  EXPECT_THAT(
      [] {
        pack(tables_of(1, 2, {{"coefficients", "multiply"}}), {4}, 1, PlaneWeights{{PlaneAlphabet::signs}, {5}});
      },
      ThrowsMessage<Error>(HasSubstr("weight 4 of output channel 0 is not a sum of its planes")));
  EXPECT_THAT(
      [] {
        pack(tables_of(1, 2, {{"coefficients", "multiply"}}), {5, 5}, 2, PlaneWeights{{PlaneAlphabet::signs}, {5}});
      },
      ThrowsMessage<Error>(HasSubstr("plane coefficients of 1 output channels for the channels up to 2")));
  EXPECT_THAT(
      [] {
        pack(test::lut_array("codebook"), {4}, 1, network::CodebookWeights{1, {-5, 5}});
      },
      ThrowsMessage<Error>(HasSubstr("weight 4 is not in its codebook of 2 entries")));
}

}  // namespace
}  // namespace lutra::accelerators
