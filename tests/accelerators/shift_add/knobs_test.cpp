#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accelerators/shift_add/shift_add.h"
#include "software/common/error.h"

namespace lutra::accelerators {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

EngineConfig engine(const std::string& variant, std::map<std::string, std::string> options = {}) {
  EngineConfig config;
  config.family = "shift_add";
  config.pipeline = 16;  // a register behind every step
  config.variant = variant;
  config.options = std::move(options);
  return config;
}

std::string refuses(const EngineConfig& config, const network::WeightEncoding& weights,
                    const network::ActivationEncoding& activation = {}) {
  return make_shift_add(config)->refuses(activation, weights);
}

TEST(ShiftAddKnobs, PowersOfTwoAreTheDefault) {
  EXPECT_EQ(make_shift_add(engine(""))->events().front().event, "shift_add");
  EXPECT_EQ(make_shift_add(engine("sub_filters"))->events().front().event, "plane_add");
  EXPECT_EQ(make_shift_add(engine("sub_filters"))->name(), "shift_add");
}

TEST(ShiftAddKnobs, ARefusalNamesWhatCannotBeBuilt) {
  EXPECT_THAT([] { make_shift_add(engine("subfilters")); },
              ThrowsMessage<Error>(HasSubstr("no variant 'subfilters'; it has: power_of_two, sub_filters")));
  EXPECT_THAT(
      [] {
        make_shift_add(engine("", {{"terms", "3"}}));
      },
      ThrowsMessage<Error>(HasSubstr("options.terms is '3'")));
  EXPECT_THAT(
      [] {
        make_shift_add(engine("", {{"parallel", "2"}}));
      },
      ThrowsMessage<Error>(HasSubstr("has no option 'parallel'; it has: terms, zero_gating")));
  EXPECT_THAT(
      [] {
        make_shift_add(engine("sub_filters", {{"parallel", "5"}}));
      },
      ThrowsMessage<Error>(HasSubstr("options.parallel is '5'; it can be an integer within 1..4")));
  EngineConfig narrow = engine("sub_filters", {{"parallel", "4"}});
  narrow.weight_bits = 3;
  EXPECT_THAT([&] { make_shift_add(narrow); }, ThrowsMessage<Error>(HasSubstr("more planes at once than there are")));
  narrow = engine("");
  narrow.weight_bits = 1;
  EXPECT_THAT([&] { make_shift_add(narrow); }, ThrowsMessage<Error>(HasSubstr("weight_bits is 1")));
}

TEST(PowerOfTwoRefuses, EncodingsOtherThanPowersOfTwoAndValuesTooWide) {
  EngineConfig config = engine("");
  config.weight_bits = 4;
  EXPECT_EQ(refuses(config, network::UniformWeights{4}), "");
  EXPECT_EQ(refuses(config, network::TernaryWeights{}), "");
  EXPECT_EQ(refuses(config, network::PowerOfTwoWeights{{{0, 1, 2}}}), "");
  EXPECT_THAT(refuses(config, network::PowerOfTwoWeights{{{0, 3}}}), HasSubstr("reach 5 bits on shifters for 4"));
  EXPECT_THAT(refuses(config, network::PowerOfTwoWeights{{{2}, {2}}}), HasSubstr("reach 5 bits on shifters for 4"));
  EXPECT_THAT(refuses(config, network::PowerOfTwoWeights{{{0, 1}, {0, 1}}}),
              HasSubstr("codes of 5 bits in words for 4"));
  EXPECT_THAT(refuses(config, network::UniformWeights{5}), HasSubstr("reach 5 bits"));
  EXPECT_THAT(refuses(config, network::PlaneWeights{{network::PlaneAlphabet::signs}, {1}}),
              HasSubstr("1 bit planes: its shifters take powers of two"));
  EXPECT_THAT(refuses(config, network::CodebookWeights{1, {0, 1}}), HasSubstr("1-bit codebook"));
}

TEST(SubFiltersRefuses, CoefficientsOtherThanPowersOfTwoAndTooManyPlanes) {
  EngineConfig config = engine("sub_filters");
  config.weight_bits = 4;
  using enum network::PlaneAlphabet;
  EXPECT_EQ(refuses(config, network::UniformWeights{4}), "");
  EXPECT_EQ(refuses(config, network::TernaryWeights{}), "");
  EXPECT_EQ(refuses(config, network::PlaneWeights{{signs, positive, negative, signs}, {1, -128, 64, 0}}), "");
  EXPECT_THAT(refuses(config, network::PlaneWeights{{signs}, {1, 6}}), HasSubstr("a plane coefficient of 6"));
  EXPECT_THAT(refuses(config, network::UniformWeights{5}), HasSubstr("5 planes on an array for 4 (weight_bits)"));
  EXPECT_THAT(refuses(config, network::PowerOfTwoWeights{{{0}}}), HasSubstr("one coefficient per output channel"));
  EXPECT_THAT(refuses(config, network::CodebookWeights{1, {0, 1}}), HasSubstr("one coefficient per output channel"));
}

TEST(ShiftAddRefuses, ActivationsItsLanesDoNotTake) {
  for (const char* variant : {"power_of_two", "sub_filters"}) {
    EngineConfig config = engine(variant);
    config.activation_bits = 4;
    EXPECT_EQ(refuses(config, network::TernaryWeights{}, {.bits = 4, .levels = {}}), "");
    EXPECT_THAT(refuses(config, network::TernaryWeights{}, {.bits = 5, .levels = {}}),
                HasSubstr("5-bit activations on 4-bit lanes (activation_bits)"));
    EXPECT_THAT(refuses(config, network::TernaryWeights{}, {.bits = 2, .levels = {0, 1, 3, 7}}),
                HasSubstr("level table"));
  }
}

TEST(PowerOfTwoRefuses, MalformedTiles) {
  const auto family = make_shift_add(engine(""));
  const auto tile = [&](int format, int bits) {
    return family->refuses_tile({.weight_format = format, .weight_bits = bits});
  };
  EXPECT_EQ(tile(0, 8), "");
  EXPECT_EQ(tile(1, 2), "");
  EXPECT_EQ(tile(2 | 0b1 << 2, 2), "");
  for (const int bits : {0, 1, 9, 16, 65535}) EXPECT_NE(tile(0, bits), "") << bits;
  EXPECT_NE(tile(1, 3), "");
  EXPECT_NE(tile(2, 1), "");                     // no exponents
  EXPECT_NE(tile(2 | 1 << 9, 2), "");            // a second term without a first
  EXPECT_NE(tile(2 | 0b1 << 2, 3), "");          // a width that its exponents do not have
  EXPECT_NE(tile(3, 8), "");                     // no such kind
  EXPECT_NE(tile(0 | 1 << 2, 8), "");            // exponents of an integer
  EXPECT_NE(tile(2 | 1 << 8 | 1 << 15, 3), "");  // 2^6 + 2^6
  EXPECT_THAT(family->refuses_tile({.activation_bits = 16, .activation_signed = true}),
              HasSubstr("16-bit activations"));
  // No format or width of a command is more than refused.
  for (int format = 0; format <= 65535; ++format)
    for (const int bits : {0, 1, 2, 5, 8, 9, 65535})
      if (tile(format, bits).empty()) {
        EXPECT_GE(family->cycles({.rows = 1,
                                  .columns = 1,
                                  .channels = 1,
                                  .group_channels = 1,
                                  .group_outputs = 1,
                                  .input_width = 1,
                                  .input_channels = 1,
                                  .input_pixel_bytes = 1,
                                  .weight_format = format,
                                  .weight_bits = bits},
                                 true),
                  7u);
      }
}

TEST(SubFiltersRefuses, MalformedTiles) {
  const auto family = make_shift_add(engine("sub_filters"));
  const auto tile = [&](int format, int bits) {
    return family->refuses_tile({.weight_format = format, .weight_bits = bits});
  };
  EXPECT_EQ(tile(0, 1), "");
  EXPECT_EQ(tile(0b1010101010101010, 8), "");
  for (const int bits : {0, 9, 16, 65535}) EXPECT_NE(tile(0, bits), "") << bits;
  EXPECT_NE(tile(0b11, 1), "");   // no such alphabet
  EXPECT_NE(tile(0b100, 1), "");  // an alphabet of a second plane
  EXPECT_NE(tile(65535, 8), "");
}

std::int64_t count(const Structure& parts, PrimitiveKind kind, bool times_width) {
  std::int64_t sum = 0;
  for (const Primitive& part : parts)
    if (part.kind == kind) sum += std::int64_t{part.count} * (times_width ? part.width_a : 1);
  return sum;
}

TEST(ShiftAddStructure, HasNoMultiplierAndOnlyOrdinaryLogic) {
  for (const char* variant : {"power_of_two", "sub_filters"}) {
    const Structure parts = make_shift_add(engine(variant))->structure();
    EXPECT_EQ(count(parts, PrimitiveKind::multiplier, false), 0) << variant;
    for (const Primitive& part : parts) EXPECT_EQ(part.dsp, DspPart::none) << variant;
  }
}

TEST(ShiftAddStructure, SubFiltersShiftBehindTheDrainUnlessSumsLeaveTheArrayInEveryPass) {
  EngineConfig config = engine("sub_filters");
  config.post_lanes = 4;
  const auto drained = count(make_shift_add(config)->structure(), PrimitiveKind::multiplexer, true);
  config.dataflow = Dataflow::weight_stationary;
  const auto in_place = count(make_shift_add(config)->structure(), PrimitiveKind::multiplexer, true);
  EXPECT_GT(in_place, drained);
}

TEST(ShiftAddStructure, CountsASecondShifter) {
  const auto one = count(make_shift_add(engine(""))->structure(), PrimitiveKind::registers, true);
  const auto two = count(make_shift_add(engine("", {{"terms", "2"}}))->structure(), PrimitiveKind::registers, true);
  EXPECT_GT(two, one + 16 * 16 * 16);
}

}  // namespace
}  // namespace lutra::accelerators
