#include <gtest/gtest.h>

#include <cmath>

#include "tests/software/costs/synthesis_rows.h"

// The structural formulas against what was synthesised: accelerators/array/synth/README.md.

namespace lutra::costs {
namespace {

constexpr double control_luts = 2;        // of a lone element: an array has them once
constexpr double register_tolerance = 5;  // percent: merged or constant flip-flops

std::vector<std::pair<std::string, std::filesystem::path>> tables() {
  std::vector<std::pair<std::string, std::filesystem::path>> found;
  for (const auto& folder : std::filesystem::directory_iterator(LUTRA_SOURCE_DIR "/accelerators"))
    for (const char* name : {"costs/synthesis.yaml", "costs/low_bit/synthesis.yaml"})
      if (const auto table = folder.path() / name; std::filesystem::exists(table))
        found.emplace_back(folder.path().filename().string(), table);
  std::sort(found.begin(), found.end());
  return found;
}

// How far the formulas are from the measured cells, in words; empty where they keep what they promise.
std::string broken_promise(const SynthesisRow& row) {
  accelerators::Structure structure = accelerators::make_family(row.config)->structure();
  std::erase_if(structure, [](const auto& part) { return part.component == "engine.sequencer"; });
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
