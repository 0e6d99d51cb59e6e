#include <fmt/format.h>

#include "tests/support/synthesised.h"
#include "tests/validation/elements.h"

namespace lutra::validation {
namespace {

std::string beside(long priced, double measured) {
  Errors error;
  error.add(static_cast<double>(priced), measured);
  return fmt::format("{} / {} ({})", grouped(priced), grouped(std::lround(measured)), error.mean_text());
}

}  // namespace

Section arrays() {
  Section section;
  section.title = "LUT and flip-flops of whole arrays";
  section.text =
      "The price of array, sequencer and drain against Yosys 0.23 on `<family>_array` (`accelerators/*/costs/array`), "
      "xilinx7, no DSP blocks,\n"
      "24-bit accumulators, one register in the pipeline. The sequencer and the families' own control were fitted on "
      "arrays of 4 bits, of\n"
      "ternary's 2, and on all of planes and popcount; no LUT factor was. The post-processor beside them is the next "
      "section. A test holds\n"
      "each to 10 %.";
  section.columns = {
      "array",  "rows x columns x lanes", "activation x weight bits", "LUT priced / Yosys", "FF priced / Yosys",
      "verdict"};
  for (const auto& [family, table] : test::element_tables("array/synthesis.yaml"))
    for (const test::SynthesisRow& row : test::element_rows(table, family)) {
      const costs::FpgaResources formula = test::array_formula(row);
      Errors both;
      both.add(static_cast<double>(formula.lut), row.lut);
      both.add(static_cast<double>(formula.ff), row.ff);
      const accelerators::EngineConfig& config = row.config;
      section.rows.push_back({kind_of(row), fmt::format("{} x {} x {}", config.rows, config.columns, config.lanes),
                              fmt::format("{} x {}", config.activation_bits, config.weight_bits),
                              beside(formula.lut, row.lut), beside(formula.ff, row.ff), both.grade()});
    }
  return section;
}

}  // namespace lutra::validation
