#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accelerators/array/timing.h"
#include "accelerators/bit_serial/bit_serial.h"
#include "accelerators/bit_serial/planes.h"
#include "software/common/error.h"

namespace lutra::accelerators {
namespace {

using ::testing::HasSubstr;

// 9 x 4 elements against 16 outputs and 16 pixels: one block of 36 words.
MatrixTile one_block(int weight_bits, int activation_bits = 8) {
  return {.rows = 2,
          .columns = 8,
          .channels = 16,
          .window_height = 3,
          .window_width = 3,
          .group_channels = 4,
          .group_outputs = 16,
          .input_width = 10,
          .input_channels = 4,
          .input_pixel_bytes = 4,
          .activation_bits = activation_bits,
          .weight_bits = weight_bits};
}

EngineConfig config_of(const std::string& variant) {
  EngineConfig config;
  config.pipeline = 16;  // a register behind every step
  config.family = "bit_serial";
  config.variant = variant;
  config.options = {{"coefficients", "16"}, {"levels", "true"}};
  return config;
}

std::uint64_t cycles(const MatrixTile& tile, const EngineConfig& config) {
  return make_bit_serial(config)->cycles(tile, true);
}

constexpr std::uint64_t words = 36;
constexpr std::uint64_t fill = 3;
constexpr std::uint64_t drain = 16;

TEST(BitSerialCycles, AWordTakesAPassPerWeightBit) {
  for (int bits = 1; bits <= 8; ++bits)
    EXPECT_EQ(cycles(one_block(bits), config_of("weights")), fill + words * bits + 1 + drain) << bits;
}

TEST(BitSerialCycles, APairOfPlanesTakesAPass) {
  for (int bits = 2; bits <= 8; ++bits)
    EXPECT_EQ(cycles(one_block(3, bits), config_of("planes")), fill + words * 3 * bits + 1 + drain) << bits;
}

TEST(BitSerialCycles, CoefficientsTakeAHeaderAStageAndADrainPerPlane) {
  MatrixTile tile = one_block(4);
  tile.weight_format = bit_serial::format_of({4, true, false, false});
  const std::uint64_t header = 16 * 4 * 2 / 2;  // bytes of the coefficients over those of a word
  EXPECT_EQ(cycles(tile, config_of("weights")), fill + 1 + header + words * 4 + 1 + 4 * drain);
}

TEST(BitSerialCycles, ThePlaneOfOnesTakesAPassAndADrain) {
  MatrixTile tile = one_block(2);
  tile.weight_format = bit_serial::format_of({2, true, true, false});
  const std::uint64_t header = 16 * 3 * 2 / 2;
  EXPECT_EQ(cycles(tile, config_of("weights")), fill + 1 + header + words * 3 + 1 + 3 * drain);
}

TEST(BitSerialCycles, LevelsOfActivationPlanesKeepASumEach) {
  MatrixTile tile = one_block(2, 2);
  tile.weight_format = bit_serial::format_of({2, false, false, true});
  const std::uint64_t header = 4 * 2 / 2;
  EXPECT_EQ(cycles(tile, config_of("planes")), fill + 1 + header + words * 4 + 1 + 2 * drain);
  EXPECT_EQ(cycles(tile, config_of("weights")), fill + header + words * 2 + 1 + drain);
}

TEST(BitSerialCycles, WideWordsAddTheTreesLevels) {
  EngineConfig config = config_of("weights");
  config.lanes = 12;
  EXPECT_EQ(cycles(one_block(4), config), fill + 4 + 3 * 4 + 1 + drain);
}

TEST(BitSerialKnobs, ARefusalNamesTheKnob) {
  const network::ActivationEncoding plain;
  const network::PlaneWeights planes{{network::PlaneAlphabet::signs}, {3}};
  EngineConfig config = config_of("weights");
  config.options.clear();
  EXPECT_THAT(make_bit_serial(config)->refuses(plain, planes), HasSubstr("options.coefficients"));
  network::ActivationEncoding levels{.bits = 2, .levels = {0, 1, 5, 6}};
  EXPECT_THAT(make_bit_serial(config)->refuses(levels, network::TernaryWeights{}), HasSubstr("options.levels"));
  levels.levels = {0, 1, 5, 7};
  EXPECT_THAT(make_bit_serial(config_of("planes"))->refuses(levels, network::TernaryWeights{}),
              HasSubstr("level 3 is 7, not the sum 6"));
  EXPECT_EQ(make_bit_serial(config_of("weights"))->refuses(levels, network::TernaryWeights{}), "");
  config = config_of("weights");
  config.dataflow = Dataflow::weight_stationary;
  EXPECT_THAT(make_bit_serial(config)->refuses(plain, planes), HasSubstr("dataflow"));
  config.weight_bits = 4;
  EXPECT_THAT(make_bit_serial(config)->refuses(plain, network::UniformWeights{8}), HasSubstr("weight_bits"));
  config.options["depth"] = "3";
  EXPECT_THROW(make_bit_serial(config), Error);
}

TEST(BitSerialKnobs, RefusesAMalformedTile) {
  const auto family = make_bit_serial(config_of("weights"));
  MatrixTile tile = one_block(8);
  EXPECT_EQ(family->refuses_tile(tile), "");
  tile.weight_format = 8;
  EXPECT_NE(family->refuses_tile(tile), "");
  tile.weight_format = 2;
  EXPECT_NE(family->refuses_tile(tile), "");
  tile.weight_format = 0;
  tile.weight_bits = 0;
  EXPECT_NE(family->refuses_tile(tile), "");
  tile.weight_bits = 4096;
  EXPECT_NE(family->refuses_tile(tile), "");
}

}  // namespace
}  // namespace lutra::accelerators
