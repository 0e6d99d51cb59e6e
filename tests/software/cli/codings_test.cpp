#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"
#include "tests/support/data.h"

// Activation codings, shifts and progressive bits from the scenario to the logits of the SoC, which `lutra run`
// compares with the reference.

namespace lutra::test {
namespace {

using ::testing::HasSubstr;

constexpr const char* embedded =
    "name: codings\n"
    "network: {model: embedded, dataset: embedded, normalisation: {mean: [0.5], deviation: [0.25]}}\n"
    "soc: {tcm_bytes: 131072, sram: {bytes: 65536}}\n"
    "run: {images: 20, simulate: 4}\n";

constexpr const char* resnet20 =
    "name: codings\n"
    "network: {model: models/cifar10/resnet20_folded.onnx, dataset: cifar10,\n"
    "  normalisation: {mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225]}}\n"
    "soc: {tcm_bytes: 131072, sram: {bytes: 65536}}\n"
    "run: {images: 20, simulate: 4}\n";

class Codings : public testing::Test {
 protected:
  CommandResult run(const std::string& network, const std::string& scheme, const std::string& engine,
                    const std::string& arguments = "") {
    write_file(scratch_ / "s.yaml", network + "scheme: {name: uniform, weight_bits: 4, calibration_images: 8, " +
                                        scheme + "}\nengine: " + engine + "\n");
    return lutra_command(scratch_, "run s.yaml --no-float --output out " + arguments);
  }
  nlohmann::json result() { return nlohmann::json::parse(read_text_file(scratch_ / "out/result.json")); }
  void expect_verified(const CommandResult& printed) {
    ASSERT_EQ(printed.exit_code, 0) << printed.errors;
    EXPECT_EQ(result().at("verified_images"), 4);
  }
  Scratch scratch_;
};

TEST_F(Codings, TernaryActivationsRunOnTheEngine) {
  expect_verified(run(embedded, "activations: ternary, wide_skip: true", "{family: mac}"));
}

TEST_F(Codings, TernaryActivationsRunOnTheHart) { expect_verified(run(embedded, "activations: ternary", "none")); }

TEST_F(Codings, BitWeightedActivationsNeedADecoderOfLevels) {
  expect_verified(
      run(embedded, "activations: bwa, activation_bits: 3, wide_skip: true", "{family: mac, options: {levels: true}}"));
  const CommandResult without = run(embedded, "activations: bwa, activation_bits: 3", "{family: mac}");
  EXPECT_NE(without.exit_code, 0);
  EXPECT_THAT(without.errors, HasSubstr("options.levels: true"));
  const CommandResult hart = run(embedded, "activations: bwa, activation_bits: 3", "none");
  EXPECT_NE(hart.exit_code, 0);
  EXPECT_THAT(hart.errors, HasSubstr("the hart's kernels know no level tables"));
}

TEST_F(Codings, ThresholdsTakeTheirTimeForWideCodesAndNoMultiplierForNarrowOnes) {
  const std::string scheme = "activations: ternary, wide_skip: true";
  expect_verified(run(embedded, scheme, "{family: mac}"));
  const nlohmann::json multiplier = result();
  expect_verified(run(embedded, scheme, "{family: mac, post: thresholds}"));
  const nlohmann::json thresholds = result();
  EXPECT_EQ(thresholds.at("accuracy"), multiplier.at("accuracy"));
  EXPECT_NE(thresholds.at("resources").at("lut"), multiplier.at("resources").at("lut"));
  const auto count = [](const nlohmann::json& json, const std::string& event) {
    double sum = 0;
    for (const auto& line : json.at("energy_uj").at("attribution"))
      if (line.at("component") == "engine.post" && line.at("event") == event) sum += line.at("count").get<double>();
    return sum;
  };
  EXPECT_GT(count(thresholds, "compare_sum"), 0);
  EXPECT_GT(count(thresholds, "compare_stream"), 0);
  EXPECT_LT(count(thresholds, "scale"), count(multiplier, "scale"));
  EXPECT_LT(count(thresholds, "code_requantise"), count(multiplier, "code_requantise"));
  EXPECT_EQ(count(multiplier, "compare_sum"), 0);
}

TEST_F(Codings, ShiftsAloneSufficeForASchemeOfShifts) {
  expect_verified(run(embedded, "requantise: shift, activation_bits: 4", "{family: mac, post: shift}"));
  const CommandResult printed = run(embedded, "activation_bits: 4", "{family: mac, post: shift}");
  EXPECT_NE(printed.exit_code, 0);
  EXPECT_THAT(printed.errors, HasSubstr("operation '/conv/Conv'"));
  EXPECT_THAT(printed.errors, HasSubstr("scheme.requantise: shift"));
}

TEST_F(Codings, ProgressiveBitsKeepABudgetOfMemoryOrOfCycles) {
  const std::string progressive = "progressive: {levels: [4, 3, 2], images: 100, budget: ";
  expect_verified(run(embedded, "wide_skip: true", "{family: bit_serial}"));
  const nlohmann::json homogeneous = result();
  expect_verified(run(embedded, "wide_skip: true, " + progressive + "0.8}", "{family: bit_serial}"));
  const auto bits = [](const nlohmann::json& json) {
    return json.at("configuration").at("scheme").at("weight_bits_total").get<double>();
  };
  EXPECT_LE((bits(result()) + 7) / 8, 0.8 * (bits(homogeneous) + 7) / 8);
  EXPECT_EQ(result().at("configuration").at("scheme").at("progressive"), "4, 3, 2 within 0.8 (memory)");
  std::vector<int> of_layers;
  const nlohmann::json falling = result();
  for (const auto& layer : falling.at("layers"))
    if (layer.at("weight_bits") != 0) of_layers.push_back(layer.at("weight_bits"));
  ASSERT_GT(of_layers.size(), 3u);
  EXPECT_EQ(of_layers.front(), 8);
  EXPECT_EQ(of_layers.back(), 8);
  EXPECT_TRUE(std::is_sorted(of_layers.begin(), of_layers.end() - 1, std::greater<>()));
  EXPECT_LT(*(of_layers.end() - 2), 4);
  expect_verified(run(embedded, "wide_skip: true, " + progressive + "0.9, measure: cycles}", "{family: bit_serial}"));
  EXPECT_LT(result().at("cycles").at("total").get<double>(), 0.92 * homogeneous.at("cycles").at("total").get<double>());
}

TEST_F(Codings, LabelsOfTheTestSplitChooseNoBits) {
  const CommandResult printed = run(embedded, "calibration_split: test, progressive: {budget: 0.9}", "none");
  EXPECT_NE(printed.exit_code, 0);
  EXPECT_THAT(printed.errors, HasSubstr("calibrate on the train split"));
}

TEST_F(Codings, TernaryActivationsHaveTwoBits) {
  const CommandResult printed = run(embedded, "activations: ternary, activation_bits: 4", "none");
  EXPECT_NE(printed.exit_code, 0);
  EXPECT_THAT(printed.errors, HasSubstr("ternary activations have 2 bits"));
}

struct Choice {
  const char* name;
  const char* scheme;
  const char* engine;
};

class OnResNet20 : public Codings, public testing::WithParamInterface<Choice> {};

TEST_P(OnResNet20, LogitsEqualTheReferenceLogits) {
  LUTRA_DATA_OR_SKIP(folder);
  expect_verified(run(resnet20, std::string(GetParam().scheme) + ", wide_skip: true, calibration_split: test",
                      GetParam().engine, "--data " + folder.string()));
}

INSTANTIATE_TEST_SUITE_P(
    Choices, OnResNet20,
    testing::Values(Choice{"ternary", "activations: ternary", "{family: mac, post: thresholds}"},
                    Choice{"bwa", "activations: bwa, activation_bits: 2", "{family: mac, options: {levels: true}}"},
                    Choice{"shift", "activation_bits: 4, requantise: shift", "{family: mac, post: shift}"}),
    [](const auto& choice) { return choice.param.name; });

}  // namespace
}  // namespace lutra::test
