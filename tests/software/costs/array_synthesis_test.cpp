#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tests/support/synthesised.h"

// Whole arrays with their sequencer against what was synthesised: accelerators/array/synth/README.md, "Whole arrays".

namespace lutra::costs {
namespace {

using test::SynthesisRow;

constexpr double array_tolerance_percent = 10;

std::map<std::string, std::vector<SynthesisRow>> array_rows() {
  std::map<std::string, std::vector<SynthesisRow>> rows;
  for (const auto& [family, table] : test::element_tables("array/synthesis.yaml"))
    rows[family] = test::element_rows(table, family);
  return rows;
}

double array_error_percent(long priced, double measured) { return (static_cast<double>(priced) / measured - 1) * 100; }

TEST(ArraySynthesis, AWholeArrayIsPricedWithinTenPercent) {
  ASSERT_EQ(array_rows().size(), 5U);
  for (const auto& [family, rows] : array_rows())
    for (const SynthesisRow& row : rows) {
      const FpgaResources formula = test::array_formula(row);
      EXPECT_LE(std::abs(array_error_percent(formula.lut, row.lut)), array_tolerance_percent)
          << row.place << ": " << formula.lut << " LUT by formula, " << row.lut << " measured";
      EXPECT_LE(std::abs(array_error_percent(formula.ff, row.ff)), array_tolerance_percent)
          << row.place << ": " << formula.ff << " flip-flops by formula, " << row.ff << " measured";
    }
}

TEST(ArraySynthesis, AnArrayWithoutItsSequencerIsFound) {
  const SynthesisRow row = array_rows().at("mac").front();
  EXPECT_LT(array_error_percent(test::element_formula(row).lut, row.lut), -array_tolerance_percent);
}

}  // namespace
}  // namespace lutra::costs
