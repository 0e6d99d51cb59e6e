#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/synthesised.h"

// The structure of the post-processor against what was synthesised: accelerators/engine/synth/README.md.

namespace lutra::costs {
namespace {

using test::post_formula;
using test::post_rows;
using test::SynthesisRow;

constexpr double post_tolerance_percent = 5;      // in the fabric, LUTs and flip-flops
constexpr double post_dsp_tolerance_percent = 8;  // LUTs beside DSP blocks

double percent_apart(double formula, double measured) { return std::abs(formula / measured - 1) * 100; }

TEST(PostSynthesis, TheStructureIsWhatWasSynthesised) {
  const std::vector<SynthesisRow> rows = post_rows();
  ASSERT_FALSE(rows.empty());
  for (const SynthesisRow& row : rows) {
    const FpgaResources formula = post_formula(row);
    const bool in_dsp = row.dsp > 0;
    EXPECT_EQ(formula.dsp, row.dsp) << row.place;
    EXPECT_LE(percent_apart(static_cast<double>(formula.lut), row.lut),
              in_dsp ? post_dsp_tolerance_percent : post_tolerance_percent)
        << row.place << ": " << formula.lut << " LUT by formula, " << row.lut << " measured";
    EXPECT_LE(percent_apart(static_cast<double>(formula.lut), row.lut), formula.lut_uncertainty_percent) << row.place;
    EXPECT_LE(percent_apart(static_cast<double>(formula.ff), row.ff), post_tolerance_percent)
        << row.place << ": " << formula.ff << " flip-flops by formula, " << row.ff << " measured";
  }
}

TEST(PostSynthesis, AWrongFormulaIsFound) {
  const SynthesisRow row = post_rows().front();
  SynthesisRow other = row;
  ++other.config.post_lanes;
  EXPECT_GT(percent_apart(static_cast<double>(post_formula(other).lut), row.lut), post_tolerance_percent);
}

}  // namespace
}  // namespace lutra::costs
