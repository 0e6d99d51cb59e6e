#include <fmt/format.h>

#include <algorithm>

#include "tests/support/synthesised.h"
#include "tests/validation/elements.h"

namespace lutra::validation {
namespace {

std::string beside(long priced, double measured) {
  Errors error;
  error.add(static_cast<double>(priced), measured);
  return fmt::format("{} / {} ({})", grouped(priced), grouped(std::lround(measured)), error.mean_text());
}

// A row of the page for each array of `tables`.
void add_rows(const Tables& tables, const char* set, Section& section) {
  for (const auto& [family, table] : tables)
    for (const test::SynthesisRow& row : test::element_rows(table, family)) {
      const costs::FpgaResources formula = test::array_formula(row);
      Errors both;
      both.add(static_cast<double>(formula.lut), row.lut);
      both.add(static_cast<double>(formula.ff), row.ff);
      const accelerators::EngineConfig& config = row.config;
      section.rows.push_back(
          {kind_of(row), set, fmt::format("{} x {} x {}", config.rows, config.columns, config.lanes),
           fmt::format("{} x {}", config.activation_bits, config.weight_bits),
           fmt::format("{}, {}", config.post_lanes, config.pipeline), std::to_string(row.dsp),
           beside(formula.lut, row.lut), fmt::format("+-{:.0f} %", formula.lut_uncertainty_percent),
           beside(formula.ff, row.ff),
           both.grade() + (test::within_printed(formula, row.lut) ? "" : ", **printed too small**")});
    }
}

}  // namespace

Section arrays() {
  Section section;
  section.title = "LUT and flip-flops of whole arrays";
  section.text =
      "The price of array, sequencer and drain against Yosys 0.23 on `<family>_array`, xilinx7. Known: "
      "`accelerators/*/costs/array`, on which\n"
      "the sequencer, the families' own control and what DSP blocks take were fitted; no LUT factor was. Held out: "
      "`held_out_arrays/`, drawn by\n"
      "its `draw.py`, the smallest of each variant's three, of mac with DSP blocks all. Three of these (5 x 3, 6 x 8 "
      "and 5 x 12 "
      "elements that leave by one lane)\n"
      "showed what a choice among rows and columns takes, one (2 x 5 popcount) a fault of the RTL, which was mended; "
      "no "
      "figure was fitted on\n"
      "them. With 0 DSP blocks none were allowed. The post-processor beside them is the next section. A test holds "
      "each "
      "to 10 % and to what is\n"
      "printed.";
  section.columns = {"array",
                     "set",
                     "rows x columns x lanes",
                     "activation x weight bits",
                     "drain lanes, pipeline",
                     "DSP",
                     "LUT priced / Yosys",
                     "printed",
                     "FF priced / Yosys",
                     "verdict"};
  add_rows(test::known_arrays(), "known", section);
  add_rows(test::held_out_arrays(), "held out", section);
  return section;
}

}  // namespace lutra::validation
