#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/synthesised.h"

// The structural formulas against what was synthesised: accelerators/array/synth/README.md.

namespace lutra::costs {
namespace {

using test::element_formula;
using test::element_rows;
using test::fitted_tables;
using test::SynthesisRow;
using test::within_printed;

constexpr double register_tolerance = 5;  // percent: merged or constant flip-flops
constexpr double merged_registers = 2;    // of a lone lane

// How far the formulas are from the measured cells, in words; empty where they keep what they promise.
std::string broken_promise(const SynthesisRow& row) {
  const FpgaResources formula = element_formula(row);
  const auto ff = static_cast<double>(formula.ff);
  if (formula.dsp != row.dsp) return "DSP blocks: " + std::to_string(formula.dsp) + " by formula";
  if (!within_printed(formula, row.lut))
    return std::to_string(formula.lut) + " LUT by formula, +-" + std::to_string(formula.lut_uncertainty_percent) +
           " %, and " + std::to_string(std::lround(row.lut)) + " measured";
  if (std::abs(ff - row.ff) > ff * register_tolerance / 100 + merged_registers)
    return std::to_string(formula.ff) + " flip-flops by formula and " + std::to_string(std::lround(row.ff)) +
           " measured";
  return {};
}

TEST(Synthesis, EveryFormulaKeepsItsUncertaintyAtEveryPinnedPoint) {
  ASSERT_FALSE(fitted_tables().empty());
  for (const auto& [family, table] : fitted_tables()) {
    int compared = 0;
    for (const SynthesisRow& row : element_rows(table, family)) {
      if (!row.tuned) continue;
      EXPECT_EQ(broken_promise(row), "") << row.place;
      ++compared;
    }
    EXPECT_GT(compared, 0) << table;
  }
}

TEST(Synthesis, AWrongFormulaIsFound) {
  SynthesisRow row = element_rows(LUTRA_SOURCE_DIR "/accelerators/mac/costs/synthesis.yaml", "mac").front();
  ASSERT_EQ(broken_promise(row), "");
  row.lut *= 1.2;
  EXPECT_NE(broken_promise(row), "");
}

}  // namespace
}  // namespace lutra::costs
