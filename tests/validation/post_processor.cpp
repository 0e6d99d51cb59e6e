#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "tests/support/synthesised.h"
#include "tests/validation/report.h"

namespace lutra::validation {
namespace {

constexpr int most_fitted_lanes = 2;  // accelerators/engine/costs/post_points.txt

const char* name(accelerators::PostForm form) {
  switch (form) {
    case accelerators::PostForm::multiplier:
      return "multiplier";
    case accelerators::PostForm::thresholds:
      return "thresholds";
    case accelerators::PostForm::shift:
      return "shift";
  }
  return "";
}

struct Form {
  Errors fitted, held_out, ff;
  double printed = 1e9;
};

}  // namespace

Section post_processor() {
  std::map<std::string, Form> forms;
  for (const test::SynthesisRow& row : test::post_rows()) {
    const costs::FpgaResources formula = test::post_formula(row);
    Form& form = forms[name(row.config.post) + std::string(row.dsp > 0 ? ", with DSP blocks" : ", in the fabric")];
    const auto lut = static_cast<double>(formula.lut);
    (row.config.post_lanes <= most_fitted_lanes ? form.fitted : form.held_out).add(lut, row.lut);
    form.ff.add(static_cast<double>(formula.ff), row.ff);
    form.printed = std::min(form.printed, formula.lut_uncertainty_percent);
  }
  Section section;
  section.title = "LUT and flip-flops of the post-processor";
  section.text =
      "`accelerators/engine/structure.cpp` against `accelerators/engine/costs/post_synthesis.yaml` (Yosys 0.23 on the "
      "RTL twin, xilinx7);\n"
      "fitted on one and two lanes.";
  section.columns = {"form",  "fitted: points",   "LUT: range",  "held out: points", "LUT: mean",
                     "range", "FF of all: range", "printed LUT", "verdict"};
  for (const auto& [form, of] : forms) {
    const bool kept = of.held_out.points() > 0 && of.held_out.worst() <= of.printed;
    section.rows.push_back({form, of.fitted.points_text(), of.fitted.range_text(), of.held_out.points_text(),
                            of.held_out.mean_text(), of.held_out.range_text(), of.ff.range_text(),
                            fmt::format("+-{:.0f} %", of.printed),
                            of.held_out.grade() + (kept ? ", as printed" : ", **printed too small**")});
  }
  return section;
}

}  // namespace lutra::validation
