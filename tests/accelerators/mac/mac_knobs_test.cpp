#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "accelerators/family/family.h"
#include "software/common/error.h"

namespace lutra::accelerators {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(Registry, KnowsTheMacFamilyAndNamesItWhenAskedForAnother) {
  EXPECT_EQ(make_family({})->name(), "mac");
  EngineConfig config;
  config.family = "makk";
  EXPECT_THAT([&] { make_family(config); }, ThrowsMessage<Error>(HasSubstr("'makk' does not exist; there are: mac")));
}

TEST(MacKnobs, ARefusalNamesAKnobOutOfRange) {
  const std::vector<std::pair<int EngineConfig::*, std::string>> knobs = {
      {&EngineConfig::rows, "rows"},
      {&EngineConfig::columns, "columns"},
      {&EngineConfig::lanes, "lanes"},
      {&EngineConfig::activation_bits, "activation_bits"},
      {&EngineConfig::weight_bits, "weight_bits"},
      {&EngineConfig::accumulator_bits, "accumulator_bits"},
      {&EngineConfig::post_lanes, "post_lanes"}};
  for (const auto& [knob, name] : knobs)
    for (const int value : {-1, 0, 100000}) {
      EngineConfig config;
      config.*knob = value;
      const std::string complaint = name + " is " + std::to_string(value);
      EXPECT_THAT([&] { make_family(config); }, ThrowsMessage<Error>(HasSubstr(complaint)));
    }
}

TEST(MacKnobs, AnArrayOfTooManyLanesNamesTheKnobsThatMakeIt) {
  EngineConfig config;
  config.rows = 32;
  config.columns = 32;
  config.lanes = 255;
  EXPECT_NO_THROW(make_family(config));
  config.rows = 33;
  EXPECT_THAT([&] { make_family(config); }, ThrowsMessage<Error>(HasSubstr("are 269280 lanes")));
  config.rows = config.columns = 255;
  EXPECT_THAT([&] { make_family(config); }, ThrowsMessage<Error>(HasSubstr("up to 262144")));
}

network::ActivationEncoding activations(int bits, std::vector<int> levels = {}) {
  return {.bits = bits, .is_signed = false, .levels = std::move(levels), .pad_code = 0};
}

TEST(MacKnobs, RefusesEncodingsItsMultipliersCannotTake) {
  EngineConfig config;
  config.activation_bits = 4;
  config.weight_bits = 4;
  const auto mac = make_family(config);
  const network::WeightEncoding narrow = network::UniformWeights{4};
  EXPECT_EQ(mac->refuses(activations(4), narrow), "");
  EXPECT_THAT(mac->refuses(activations(8), narrow), HasSubstr("8-bit activations on 4-bit multipliers"));
  EXPECT_THAT(mac->refuses(activations(4), network::UniformWeights{8}),
              HasSubstr("8-bit weights on 4-bit multipliers"));
  EXPECT_THAT(mac->refuses(activations(2, {0, 1, 3, 7}), narrow), HasSubstr("level table"));
}

TEST(MacKnobs, RefusesATileOfAnotherFormat) {
  const auto mac = make_family({});
  EXPECT_EQ(mac->refuses_tile({}), "");
  EXPECT_THAT(mac->refuses_tile({.weight_format = 3}), HasSubstr("weight format 3"));
  EXPECT_THAT(mac->refuses_tile({.activation_bits = 16, .activation_signed = true}), HasSubstr("16-bit activations"));
  EXPECT_THAT(mac->refuses_tile({.weight_bits = 1}), HasSubstr("1-bit weights"));
}

std::int64_t count(const Structure& parts, PrimitiveKind kind, bool times_width) {
  std::int64_t sum = 0;
  for (const Primitive& part : parts)
    if (part.component == "engine.array" && part.kind == kind)
      sum += std::int64_t{part.count} * (times_width ? part.width_a : 1);
  return sum;
}

TEST(MacStructure, HoldsOneMultiplierPerLane) {
  EngineConfig config;
  config.rows = 4;
  config.columns = 8;
  config.lanes = 16;
  config.use_dsp = false;
  const Structure parts = make_family(config)->structure();
  EXPECT_EQ(count(parts, PrimitiveKind::multiplier, false), 4 * 8 * 16);
  // 15 adders of the tree and one accumulator per element.
  EXPECT_EQ(count(parts, PrimitiveKind::adder, false), 4 * 8 * (15 + 1));
}

// Adders outside of DSP blocks, by their width; a bit for each that two functions of one are outside of.
std::map<int, int> outer_adders(EngineConfig config) {
  config.rows = config.columns = 1;
  std::map<int, int> found;
  for (const Primitive& part : make_family(config)->structure())
    if (part.component == "engine.array" && part.kind == PrimitiveKind::adder && part.dsp == DspPart::none)
      found[part.width_a] += part.count;
  return found;
}

TEST(MacStructure, ADspBlockTakesTheAdderThatItsProductMeetsFirst) {
  EngineConfig config;
  config.activation_bits = config.weight_bits = 8;
  config.accumulator_bits = 24;
  using Adders = std::map<int, int>;
  config.lanes = 1;
  EXPECT_EQ(outer_adders(config), Adders());
  config.lanes = 4;
  EXPECT_EQ(outer_adders(config), (Adders{{17, 1}, {24, 1}}));  // 18 bits, the top two one function
  config.lanes = 5;                                             // the fifth product meets the sum of the others
  EXPECT_EQ(outer_adders(config), (Adders{{17, 1}, {24, 1}}));
  config.pipeline = 16;  // behind two registers of its own it does not
  EXPECT_EQ(outer_adders(config), (Adders{{17, 1}, {18, 1}, {24, 1}}));
  config.use_dsp = false;
  EXPECT_EQ(outer_adders(config), (Adders{{17, 2}, {18, 1}, {19, 1}, {24, 1}}));
}

TEST(MacStructure, HasNoTreeWithOneLane) {
  EngineConfig config;
  config.rows = config.columns = 2;
  config.use_dsp = false;
  const Structure parts = make_family(config)->structure();
  EXPECT_EQ(count(parts, PrimitiveKind::adder, true), 4 * 32);
  // Operands of two rows and two columns, products, accumulators, drain registers.
  EXPECT_EQ(count(parts, PrimitiveKind::registers, true), 2 * 8 + 2 * 8 + 4 * 16 + 4 * 32 + 4 * 32);
  for (const Primitive& part : parts) EXPECT_EQ(part.dsp, DspPart::none);
}

}  // namespace
}  // namespace lutra::accelerators
