#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/synthesised.h"

// Whole arrays with their sequencer against what was synthesised: accelerators/array/synth/README.md, "Whole arrays".

namespace lutra::costs {
namespace {

using test::SynthesisRow;

constexpr double array_tolerance_percent = 10;

double array_error_percent(long priced, double measured) { return (static_cast<double>(priced) / measured - 1) * 100; }

void expect_within_ten_percent(const SynthesisRow& row) {
  const FpgaResources formula = test::array_formula(row);
  EXPECT_LE(std::abs(array_error_percent(formula.lut, row.lut)), array_tolerance_percent)
      << row.place << ": " << formula.lut << " LUT by formula, " << row.lut << " measured";
  EXPECT_LE(std::abs(array_error_percent(formula.ff, row.ff)), array_tolerance_percent)
      << row.place << ": " << formula.ff << " flip-flops by formula, " << row.ff << " measured";
  EXPECT_EQ(formula.dsp, row.dsp) << row.place;
  EXPECT_TRUE(test::within_printed(formula, row.lut))
      << row.place << ": " << formula.lut << " LUT by formula, +-" << formula.lut_uncertainty_percent << " %, "
      << row.lut << " measured";
}

TEST(ArraySynthesis, AWholeArrayIsPricedWithinTenPercent) {
  ASSERT_EQ(test::known_arrays().size(), 7U);  // five families, two with DSP blocks besides
  for (const auto& [family, table] : test::known_arrays())
    for (const SynthesisRow& row : test::element_rows(table, family)) expect_within_ten_percent(row);
}

TEST(ArraySynthesis, SoIsOneThatNothingWasFittedOn) {
  ASSERT_EQ(test::held_out_arrays().size(), 7U);
  for (const auto& [family, table] : test::held_out_arrays())
    for (const SynthesisRow& row : test::element_rows(table, family)) expect_within_ten_percent(row);
}

TEST(ArraySynthesis, AnArrayWithoutItsSequencerIsFound) {
  const SynthesisRow row =
      test::element_rows(LUTRA_SOURCE_DIR "/accelerators/mac/costs/array/synthesis.yaml", "mac").front();
  EXPECT_LT(array_error_percent(test::element_formula(row).lut, row.lut), -array_tolerance_percent);
}

}  // namespace
}  // namespace lutra::costs
