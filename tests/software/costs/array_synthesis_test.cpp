#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tests/software/costs/synthesis_rows.h"

// Whole arrays with their sequencer against what was synthesised: accelerators/array/synth/README.md, "Whole arrays".

namespace lutra::costs {
namespace {

constexpr double array_tolerance_percent = 10;
constexpr double shift_add_lut_percent = 18;  // too dear, an open loss: accelerators/array/synth/README.md

std::map<std::string, std::vector<SynthesisRow>> array_rows() {
  std::map<std::string, std::vector<SynthesisRow>> rows;
  for (const auto& folder : std::filesystem::directory_iterator(LUTRA_SOURCE_DIR "/accelerators"))
    if (const auto table = folder.path() / "costs/array/synthesis.yaml"; std::filesystem::exists(table))
      rows[folder.path().filename()] = rows_of(table, folder.path().filename());
  return rows;
}

FpgaResources priced_array(const SynthesisRow& row) {
  return pack(accelerators::make_family(row.config)->structure(), {}, roomy(row.device_family));
}

double array_error_percent(long priced, double measured) { return (static_cast<double>(priced) / measured - 1) * 100; }

TEST(ArraySynthesis, AWholeArrayIsPricedWithinTenPercent) {
  ASSERT_EQ(array_rows().size(), 5U);
  for (const auto& [family, rows] : array_rows())
    for (const SynthesisRow& row : rows) {
      const FpgaResources formula = priced_array(row);
      EXPECT_LE(std::abs(array_error_percent(formula.lut, row.lut)),
                family == "shift_add" ? shift_add_lut_percent : array_tolerance_percent)
          << row.place << ": " << formula.lut << " LUT by formula, " << row.lut << " measured";
      EXPECT_LE(std::abs(array_error_percent(formula.ff, row.ff)), array_tolerance_percent)
          << row.place << ": " << formula.ff << " flip-flops by formula, " << row.ff << " measured";
    }
}

TEST(ArraySynthesis, AnArrayWithoutItsSequencerIsFound) {
  const SynthesisRow row = array_rows().at("mac").front();
  accelerators::Structure structure = accelerators::make_family(row.config)->structure();
  std::erase_if(structure, [](const auto& part) { return part.component == "engine.sequencer"; });
  EXPECT_LT(array_error_percent(pack(structure, {}, roomy(row.device_family)).lut, row.lut), -array_tolerance_percent);
}

}  // namespace
}  // namespace lutra::costs
