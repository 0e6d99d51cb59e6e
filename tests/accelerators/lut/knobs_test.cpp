#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accelerators/lut/lut.h"
#include "software/common/error.h"
#include "tests/accelerators/lut/lut_config.h"

namespace lutra::accelerators {
namespace {

using network::PlaneAlphabet;
using network::PlaneWeights;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

using OptionMap = std::map<std::string, std::string>;

EngineConfig with(const std::string& variant, OptionMap options, int lanes = 4) {
  EngineConfig config = test::lut_array(variant);
  config.options = std::move(options);
  config.lanes = lanes;
  return config;
}

void expect_refused(const EngineConfig& config, const std::string& complaint) {
  EXPECT_THAT([&] { make_family(config); }, ThrowsMessage<Error>(HasSubstr(complaint)));
}

TEST(LutKnobs, TheRegistryKnowsTheFamilyAndItsFirstVariant) {
  EXPECT_THAT(make_family(with("", {}))->summary(), HasSubstr("table look-ups"));
  EXPECT_THAT(make_family(with("codebook", {}))->summary(), HasSubstr("from a table of 16"));
}

TEST(LutKnobs, ARefusalNamesTheKnobThatCannotBeBuilt) {
  expect_refused(with("hash", {}), "no variant 'hash'; it has: tables, codebook");
  expect_refused(with("tables", {{"group", "6"}}), "options.group is '6'");
  expect_refused(with("tables", {}, 6), "lanes is 6, not a multiple of options.group (4)");
  expect_refused(with("tables", {{"build", "lazy"}}), "options.build is 'lazy'; it can be: parallel, serial");
  expect_refused(with("tables", {{"planes", "2"}}), "options.planes is 2 and options.coefficients none");
  expect_refused(with("tables", {{"codebook_bits", "4"}}), "no option 'codebook_bits'");
  expect_refused(with("codebook", {{"group", "4"}}), "no option 'group'");
  expect_refused(with("codebook", {{"products_per_dsp", "3"}}), "options.products_per_dsp is 3");
  EngineConfig config = with("tables", {});
  config.dataflow = Dataflow::weight_stationary;
  expect_refused(config, "a table would be built for a single plane");
  for (const char* variant : {"tables", "codebook"}) {
    config = with(variant, {});
    config.activation_bits = 16;
    expect_refused(config, "activation_bits is 16");
  }
  config = with("codebook", {});
  config.weight_bits = 1;
  expect_refused(config, "weight_bits is 1");
}

network::ActivationEncoding activation(int bits, std::vector<int> levels = {}) {
  return test::codes(bits, false, std::move(levels));
}

std::string refusal(const EngineConfig& config, const network::WeightEncoding& weights,
                    const network::ActivationEncoding& input = activation(8)) {
  return make_family(config)->refuses(input, weights);
}

TEST(LutRefusals, TablesSayWhichEncodingAndWhichKnob) {
  EngineConfig config = with("tables", {});
  EXPECT_EQ(refusal(config, network::UniformWeights{8}), "");
  EXPECT_EQ(refusal(config, network::TernaryWeights{}), "");
  EXPECT_THAT(refusal(config, network::CodebookWeights{1, {-1, 1}}), HasSubstr("variant codebook"));
  EXPECT_THAT(refusal(config, network::PowerOfTwoWeights{{{0, 1}}}), HasSubstr("shift_add"));
  EXPECT_THAT(refusal(config, network::UniformWeights{4}, activation(2, {0, 1, 3, 7})), HasSubstr("options.levels"));
  config.weight_bits = config.activation_bits = 4;
  EXPECT_THAT(refusal(config, network::UniformWeights{8}), HasSubstr("8-bit activations in tables of 4-bit ones"));
  EXPECT_THAT(refusal(config, network::UniformWeights{8}, activation(4)), HasSubstr("8-bit weights"));
  config.options["levels"] = "true";
  EXPECT_EQ(refusal(config, network::UniformWeights{4}, activation(2, {0, 1, 3, 15})), "");
  EXPECT_THAT(refusal(config, network::UniformWeights{4}, activation(2, {0, 1, 3, 16})), HasSubstr("levels of 0..16"));
  config.activation_bits = 8;
  EXPECT_THAT(refusal(config, network::UniformWeights{4}, activation(5, std::vector<int>(32, 1))),
              HasSubstr("5-bit level codes"));
}

TEST(LutRefusals, PlanesNeedSumsAndCoefficients) {
  const PlaneWeights signs{{PlaneAlphabet::signs, PlaneAlphabet::signs}, {4, 2, 3, 3}};
  EXPECT_THAT(refusal(with("tables", {}), signs), HasSubstr("options.coefficients"));
  EXPECT_EQ(refusal(with("tables", {{"coefficients", "multiply"}, {"planes", "2"}}), signs), "");
  EXPECT_THAT(refusal(with("tables", {{"coefficients", "multiply"}, {"planes", "1"}}), signs),
              HasSubstr("2 planes with coefficients, and an element keeps up to 1"));
  EXPECT_THAT(refusal(with("tables", {{"coefficients", "shift"}, {"half_tables", "true"}}), signs),
              HasSubstr("output channel 1 scales plane 0 by 6"));
  const PlaneWeights powers{{PlaneAlphabet::signs, PlaneAlphabet::signs}, {4, 2}};
  EXPECT_EQ(refusal(with("tables", {{"coefficients", "shift"}, {"half_tables", "true"}}), powers), "");
  EXPECT_THAT(refusal(with("tables", {{"coefficients", "shift"}}), powers),
              HasSubstr("the sum of all activations by -6, no power of two (options.coefficients: multiply, or "
                        "options.half_tables: true)"));
}

TEST(LutRefusals, ACodebookSaysWhatItIsNotMadeFor) {
  EngineConfig config = with("codebook", {});
  EXPECT_EQ(refusal(config, network::CodebookWeights{1, {-1, 1}}), "");
  EXPECT_THAT(refusal(config, network::PowerOfTwoWeights{{{0, 1}}}), HasSubstr("powers of two, which are neither"));
  EXPECT_THAT(refusal(config, PlaneWeights{{PlaneAlphabet::signs}, {1}}), HasSubstr("bit planes"));
  EXPECT_THAT(refusal(config, network::UniformWeights{4}, activation(2, {0, 1, 3, 7})), HasSubstr("level table"));
  network::CodebookWeights wide{5, {}};
  for (int value = -16; value < 16; ++value) wide.table.push_back(static_cast<std::int16_t>(value));
  EXPECT_THAT(refusal(config, wide), HasSubstr("a 5-bit codebook, and the array's table has 16 entries"));
  config.weight_bits = 4;
  EXPECT_THAT(refusal(config, network::CodebookWeights{1, {-8, 8}}), HasSubstr("table values of -8..8"));
}

TEST(LutRefusals, NameMalformedTiles) {
  const auto tables = make_family(with("tables", {}));
  EXPECT_EQ(tables->refuses_tile({.weight_bits = 1}), "");
  EXPECT_THAT(tables->refuses_tile({.weight_format = 1}), HasSubstr("weight format 1"));
  EXPECT_THAT(tables->refuses_tile({.weight_format = 2}), HasSubstr("weight format 2"));
  EXPECT_THAT(tables->refuses_tile({.weight_format = 8}), HasSubstr("weight format 8"));
  EXPECT_THAT(tables->refuses_tile({.weight_bits = 9}), HasSubstr("9-bit weights"));
  EXPECT_THAT(tables->refuses_tile({.weight_bits = 0}), HasSubstr("0-bit weights"));
  EXPECT_THAT(tables->refuses_tile({.activation_bits = 16, .activation_signed = true}), HasSubstr("16-bit"));
  const auto planes = make_family(with("tables", {{"coefficients", "multiply"}, {"levels", "true"}}));
  EXPECT_EQ(planes->refuses_tile({.activation_bits = 4, .weight_format = 7, .weight_bits = 4}), "");
  EXPECT_THAT(planes->refuses_tile({.weight_format = 2, .weight_bits = 5}), HasSubstr("5 planes"));
  EXPECT_THAT(planes->refuses_tile({.weight_format = 2, .weight_bits = 0}), HasSubstr("0 planes"));
  EXPECT_THAT(planes->refuses_tile({.weight_format = 4}), HasSubstr("weight format 4"));
  EXPECT_THAT(planes->refuses_tile({.activation_bits = 5, .weight_format = 1}), HasSubstr("weight format 1"));
  const auto codebook = make_family(with("codebook", {}));
  EXPECT_THAT(codebook->refuses_tile({.weight_format = 2}), HasSubstr("weight format 2"));
  EXPECT_THAT(codebook->refuses_tile({.weight_format = 1, .weight_bits = 5}), HasSubstr("5-bit codebook"));
  EXPECT_THAT(codebook->refuses_tile({.weight_format = 1, .weight_bits = 0}), HasSubstr("0-bit codebook"));
  EXPECT_THAT(codebook->refuses_tile({.weight_bits = 1}), HasSubstr("1-bit weights"));
}

std::int64_t bits_of(const EngineConfig& config, PrimitiveKind kind) {
  std::int64_t sum = 0;
  for (const Primitive& part : make_family(config)->structure())
    if (part.component == "engine.array" && part.kind == kind) sum += std::int64_t{part.count} * part.width_a;
  return sum;
}

// A table of four: activations of 8 bits and a guard bit, and their sums, six of two, four of three, one of four.
constexpr int sum_bits = 6 * 10 + 4 * 11 + 11;
constexpr int table_bits = 4 * 9 + sum_bits;

TEST(LutStructure, TablesAreSharedByTheRowsOfAColumn) {
  EngineConfig config = with("tables", {});
  config.rows = config.columns = 2;
  config.post_lanes = 4;
  // Weights, activations; tables; look-ups; combined planes, accumulators and drain registers.
  EXPECT_EQ(bits_of(config, PrimitiveKind::registers),
            2 * 4 * 2 + 2 * 4 * 8 + 2 * table_bits + 4 * 11 + 4 * (11 + 8) + 4 * 2 * 32);
  EXPECT_EQ(bits_of(config, PrimitiveKind::adder), 2 * sum_bits + 4 * (11 + 8) + 4 * 32);
  config.rows = 4;
  EXPECT_EQ(bits_of(config, PrimitiveKind::adder), 2 * sum_bits + 8 * (11 + 8) + 8 * 32);
}

TEST(LutStructure, TablesTakeAPlaneOfWeightsPerCycle) {
  EXPECT_EQ(make_family(with("tables", {}))->weight_port_bits(), 16 * 4);
  EXPECT_EQ(make_family(with("codebook", {}))->weight_port_bits(), 0);  // as wide as its multipliers take
}

TEST(LutStructure, ASerialBuilderTradesAddersForASecondTable) {
  EngineConfig config = with("tables", {});
  const auto registers = bits_of(config, PrimitiveKind::registers);
  const auto adders = bits_of(config, PrimitiveKind::adder);
  config.options["build"] = "serial";
  EXPECT_EQ(bits_of(config, PrimitiveKind::registers), registers + 16 * (table_bits + 11));
  EXPECT_EQ(bits_of(config, PrimitiveKind::adder), adders - 16 * (sum_bits - 11));
}

TEST(LutStructure, ACodebookIsDecodedOncePerRowAndLane) {
  EngineConfig config = with("codebook", {});
  std::int64_t selected = 0;
  for (const Primitive& part : make_family(config)->structure())
    if (part.kind == PrimitiveKind::multiplexer && part.width_b == 16 && part.width_a == 8) selected += part.count;
  EXPECT_EQ(selected, 16 * 4);
}

}  // namespace
}  // namespace lutra::accelerators
