#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "accelerators/family/family.h"
#include "software/common/yaml.h"
#include "software/costs/resources.h"
#include "software/costs/tables.h"

// The structural formulas against what was synthesised: accelerators/array/synth/README.md.

namespace lutra::costs {
namespace {

using accelerators::EngineConfig;

constexpr double control_luts = 2;        // of a lone element: an array has them once
constexpr double register_tolerance = 5;  // percent: merged or constant flip-flops
constexpr int counter_limit = 1 << 30;
constexpr int every_step = 16;  // accelerators/array/rtl/array_pkg.sv: an element that does not say

struct SynthesisRow {
  std::string place;
  EngineConfig config;
  std::string device_family;
  bool tuned = false;
  double lut = 0;  // those of distributed memory included
  double ff = 0;
  long dsp = 0;
};

EngineConfig engine_of(const std::string& family, const YamlMapping& row) {
  EngineConfig config;
  config.family = family;
  config.rows = config.columns = 1;
  config.pipeline = every_step;
  config.use_dsp = row.at("use_dsp").boolean();
  for (const auto& [name, value] : row.at("parameters").entries()) {
    const auto number = static_cast<int>(value.integer(0, counter_limit));
    if (name == "ROWS") config.rows = number;
    if (name == "LANES") config.lanes = number;
    if (name == "ACTIVATION_BITS") config.activation_bits = number;
    if (name == "WEIGHT_BITS") config.weight_bits = number;
    if (name == "ACCUMULATOR_BITS") config.accumulator_bits = number;
    if (name == "PIPELINE") config.pipeline = number;
  }
  for (const auto& [knob, value] : row.at("engine").entries()) {
    if (knob == "variant")
      config.variant = value.text();
    else if (knob.starts_with("options."))
      config.options[knob.substr(8)] = value.text();
    else
      value.fail("a knob of the engine is `variant` or `options.<name>`");
  }
  return config;
}

std::vector<SynthesisRow> rows_of(const std::filesystem::path& table, const std::string& family) {
  std::ifstream file(table);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const YamlDocument document = parse_yaml(text, table.string());
  std::vector<SynthesisRow> rows;
  for (const YamlReader& item : YamlReader(document).mapping({"tool", "rows"}).at("rows").items()) {
    const YamlMapping keys = item.mapping({"top", "engine", "parameters", "flow", "device_family", "use_dsp", "lut",
                                           "ff", "carry", "dsp", "lutram", "ram"});
    const auto count = [&](const char* key) { return keys.at(key).integer(0, counter_limit); };
    rows.push_back({item.place(), engine_of(family, keys), keys.at("device_family").text(),
                    keys.at("flow").text() == "tuned", static_cast<double>(count("lut") + count("lutram")),
                    static_cast<double>(count("ff")), static_cast<long>(count("dsp"))});
  }
  return rows;
}

// A device of the family, with as many DSP blocks as anybody wants.
Device roomy(const std::string& device_family) {
  for (Device device : carried_tables().devices) {
    if (device.family != device_family) continue;
    device.dsp = device.dsp_usable = counter_limit;
    return device;
  }
  throw std::runtime_error("no device of " + device_family);
}

std::vector<std::pair<std::string, std::filesystem::path>> tables() {
  std::vector<std::pair<std::string, std::filesystem::path>> found;
  for (const auto& folder : std::filesystem::directory_iterator(LUTRA_SOURCE_DIR "/accelerators"))
    if (const auto table = folder.path() / "costs/synthesis.yaml"; std::filesystem::exists(table))
      found.emplace_back(folder.path().filename().string(), table);
  std::sort(found.begin(), found.end());
  return found;
}

// How far the formulas are from the measured cells, in words; empty where they keep what they promise.
std::string broken_promise(const SynthesisRow& row) {
  const accelerators::Structure structure = accelerators::make_family(row.config)->structure();
  const FpgaResources formula = pack(structure, {}, roomy(row.device_family));
  const auto lut = static_cast<double>(formula.lut);
  const auto ff = static_cast<double>(formula.ff);
  if (formula.dsp != row.dsp) return "DSP blocks: " + std::to_string(formula.dsp) + " by formula";
  if (row.dsp > 0) {
    if (row.device_family != "xilinx7") return {};  // Yosys leaves the blocks' own registers and adders empty
    if (lut + control_luts < row.lut) return "more LUTs than the formula's " + std::to_string(formula.lut);
    return ff < row.ff ? "more flip-flops than the formula's " + std::to_string(formula.ff) : "";
  }
  if (std::abs(lut - row.lut) > lut * formula.lut_uncertainty_percent / 100 + control_luts)
    return std::to_string(formula.lut) + " LUT by formula, +-" + std::to_string(formula.lut_uncertainty_percent) +
           " %, and " + std::to_string(std::lround(row.lut)) + " measured";
  if (std::abs(ff - row.ff) > ff * register_tolerance / 100)
    return std::to_string(formula.ff) + " flip-flops by formula and " + std::to_string(std::lround(row.ff)) +
           " measured";
  return {};
}

TEST(Synthesis, EveryFormulaKeepsItsUncertaintyAtEveryPinnedPoint) {
  ASSERT_FALSE(tables().empty());
  for (const auto& [family, table] : tables()) {
    int compared = 0;
    for (const SynthesisRow& row : rows_of(table, family)) {
      if (!row.tuned) continue;
      EXPECT_EQ(broken_promise(row), "") << row.place;
      ++compared;
    }
    EXPECT_GT(compared, 0) << table;
  }
}

TEST(Synthesis, AWrongFormulaIsFound) {
  SynthesisRow row = rows_of(LUTRA_SOURCE_DIR "/accelerators/mac/costs/synthesis.yaml", "mac").front();
  ASSERT_EQ(broken_promise(row), "");
  row.lut *= 1.2;
  EXPECT_NE(broken_promise(row), "");
}

}  // namespace
}  // namespace lutra::costs
