#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accelerators/family/family.h"
#include "software/common/error.h"
#include "tests/accelerators/ternary/arrays.h"

namespace lutra::accelerators {
namespace {

using network::PlaneAlphabet;
using network::PlaneWeights;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(TernaryKnobs, TheRegistryBuildsBothVariants) {
  EXPECT_THAT(make_family(test::ternary_array())->summary(), HasSubstr("gated adders of 8-bit activations"));
  EXPECT_THAT(make_family(test::ternary_array("popcount"))->summary(), HasSubstr("ternary bit counters"));
  EXPECT_EQ(make_family(test::ternary_array())->name(), "ternary");
}

TEST(TernaryKnobs, ARefusalNamesTheUnknownKnobAndThePossibleOnes) {
  EXPECT_THAT([] { make_ternary(test::ternary_array("counted")); },
              ThrowsMessage<Error>(HasSubstr("no variant 'counted'; it has: gated, popcount")));
  EXPECT_THAT([] { make_ternary(test::ternary_array("popcount", "lanes")); },
              ThrowsMessage<Error>(HasSubstr("options.zero_skipping is 'lanes'; it can be: none, groups")));
  EngineConfig config = test::ternary_array();
  config.options["levels"] = "true";
  EXPECT_THAT([&] { make_ternary(config); }, ThrowsMessage<Error>(HasSubstr("no option 'levels'")));
  config = test::ternary_array();
  config.activation_bits = 16;
  EXPECT_THAT([&] { make_ternary(config); }, ThrowsMessage<Error>(HasSubstr("activation_bits is 16")));
}

std::string refuses(const network::WeightEncoding& weights, const network::ActivationEncoding& activation) {
  EngineConfig config = test::ternary_array();
  config.activation_bits = 4;
  config.weight_bits = 4;
  return make_ternary(config)->refuses(activation, weights);
}

TEST(TernaryKnobs, TakesWhatIsNumericallyTernaryOrHasPlanes) {
  const auto narrow = test::codes_of(4);
  EXPECT_EQ(refuses(network::TernaryWeights{}, narrow), "");
  EXPECT_EQ(refuses(network::UniformWeights{4}, narrow), "");
  EXPECT_EQ(refuses(PlaneWeights{{PlaneAlphabet::signs, PlaneAlphabet::signs}, {1, 1, 8, 8}}, narrow), "");
  EXPECT_EQ(refuses(PlaneWeights{{PlaneAlphabet::positive, PlaneAlphabet::negative}, {4, 4}}, narrow), "");
  EXPECT_EQ(refuses(PlaneWeights{{PlaneAlphabet::signs}, {16}}, narrow), "");
  EXPECT_EQ(refuses(network::PowerOfTwoWeights{{{3}}}, narrow), "");
}

TEST(TernaryKnobs, SaysWhatItCannotComputeAndWhoCan) {
  const auto narrow = test::codes_of(4);
  EXPECT_THAT(refuses(network::UniformWeights{8}, narrow),
              HasSubstr("8-bit weights, and the array takes planes of up to 4"));
  EXPECT_THAT(refuses(network::TernaryWeights{}, test::codes_of(8)), HasSubstr("8-bit activations on an array for 4"));
  EXPECT_THAT(refuses(PlaneWeights{{PlaneAlphabet::signs, PlaneAlphabet::signs}, {1, 1, 2, 4}}, narrow),
              HasSubstr("output channel 1 has other values than -2^s, 0 and 2^s; families that can: shift_add"));
  EXPECT_THAT(refuses(PlaneWeights{{PlaneAlphabet::signs}, {3}}, narrow), HasSubstr("output channel 0"));
  EXPECT_THAT(refuses(network::PowerOfTwoWeights{{{0, 1}}}, narrow), HasSubstr("3-bit powers of two"));
  EXPECT_THAT(refuses(network::CodebookWeights{1, {0, 3}}, narrow), HasSubstr("codebook"));
  auto levels = narrow;
  levels.levels.resize(16);
  EXPECT_THAT(refuses(network::TernaryWeights{}, levels), HasSubstr("level table; families that can: mac"));
}

TEST(TernaryKnobs, WithoutOutputShiftersTakesOnlyPlainTernaryAndPlanes) {
  EngineConfig config = test::ternary_array();
  config.options["output_shifts"] = "false";
  const auto family = make_ternary(config);
  EXPECT_EQ(family->refuses(test::codes_of(8), network::TernaryWeights{}), "");
  EXPECT_THAT(family->refuses(test::codes_of(8), network::PowerOfTwoWeights{{{3}}}), HasSubstr("output_shifts: true"));
  EXPECT_THAT(family->refuses_tile({.weight_format = 2, .weight_bits = 2}), HasSubstr("output_shifts: true"));
  EXPECT_EQ(make_ternary(test::ternary_array())->refuses_tile({.weight_format = 2, .weight_bits = 2}), "");
}

TEST(TernaryKnobs, RefusesATileItHasNoDatapathFor) {
  const auto gated = make_ternary(test::ternary_array());
  const auto popcount = make_ternary(test::ternary_array("popcount"));
  EXPECT_EQ(gated->refuses_tile({.weight_bits = 2}), "");
  EXPECT_EQ(gated->refuses_tile({.weight_format = 1, .weight_bits = 8}), "");
  const MatrixTile ternary_activations{
      .activation_bits = 2, .activation_signed = true, .weight_format = 4, .weight_bits = 2};
  EXPECT_EQ(popcount->refuses_tile(ternary_activations), "");
  EXPECT_EQ(gated->refuses_tile(ternary_activations), "weight format 4");
  for (const int format : {-1, 3, 7, 65535})
    EXPECT_EQ(popcount->refuses_tile({.weight_format = format, .weight_bits = 2}),
              "weight format " + std::to_string(format));
  MatrixTile unsigned_codes = ternary_activations;
  unsigned_codes.activation_signed = false;
  EXPECT_EQ(popcount->refuses_tile(unsigned_codes), "weight format 4");
  for (const int bits : {0, 1, 3, 65535})
    EXPECT_THAT(gated->refuses_tile({.weight_bits = bits}), HasSubstr("-bit weights in format 0"));
  for (const int bits : {0, 9, 65535})
    EXPECT_THAT(gated->refuses_tile({.weight_format = 1, .weight_bits = bits}), HasSubstr("-bit weights in format 1"));
  EXPECT_THAT(gated->refuses_tile({.activation_bits = 16, .activation_signed = true, .weight_bits = 2}),
              HasSubstr("16-bit activations"));
}

std::int64_t count(const Structure& parts, PrimitiveKind kind) {
  std::int64_t sum = 0;
  for (const Primitive& part : parts)
    if (part.component == "engine.array" && part.kind == kind) sum += part.count;
  return sum;
}

TEST(TernaryStructure, HasNoMultiplierAndItsMemoriesAreTables) {
  for (const std::string variant : {"gated", "popcount"})
    for (const std::string skipping : {"none", "groups"}) {
      const Structure parts = make_ternary(test::ternary_array(variant, skipping))->structure();
      EXPECT_EQ(count(parts, PrimitiveKind::multiplier), 0);
      EXPECT_EQ(count(parts, PrimitiveKind::memory), skipping == "groups" ? 2 : 1);  // bitmaps, output shifts
    }
}

TEST(TernaryStructure, AddsInATreeAndAnAccumulator) {
  EngineConfig config = test::ternary_array();
  config.rows = 4;
  config.columns = 8;
  config.lanes = 16;
  EXPECT_EQ(count(make_ternary(config)->structure(), PrimitiveKind::adder),
            4 * 8 * (15 + 1 + 1));  // the last lane's carry
  config.variant = "popcount";
  config.lanes = 64;  // four counters
  EXPECT_EQ(count(make_ternary(config)->structure(), PrimitiveKind::adder), 4 * 8 * (3 + 1));
}

}  // namespace
}  // namespace lutra::accelerators
