#include "tests/validation/elements.h"

#include <fmt/format.h>

#include <cmath>

namespace lutra::validation {
namespace {

std::string printed_text(const ElementErrors& errors) {
  if (std::lround(errors.least_printed) == std::lround(errors.most_printed))
    return fmt::format("+-{:.0f} %", errors.most_printed);
  return fmt::format("+-{:.0f} to {:.0f} %", errors.least_printed, errors.most_printed);
}

std::string verdict(const ElementErrors& held_out) {
  if (held_out.lut.points() == 0) return "no point held out on these devices";
  if (held_out.beyond_printed > 0)
    return fmt::format("**printed too small** at {} of {}", held_out.beyond_printed, held_out.lut.points());
  return held_out.lut.grade() + ", as printed";
}

}  // namespace

std::string kind_of(const test::SynthesisRow& row) {
  const std::string first = row.config.family == "shift_add" ? "power_of_two"
                            : row.config.family == "lut"     ? "tables"
                                                             : "";
  const std::string variant = row.config.variant.empty() ? first : row.config.variant;
  return variant.empty() ? row.config.family : row.config.family + ", " + variant;
}

std::map<std::pair<std::string, std::string>, ElementErrors> element_errors(const Tables& tables) {
  std::map<std::pair<std::string, std::string>, ElementErrors> found;
  for (const auto& [family, path] : tables)
    for (const test::SynthesisRow& row : test::element_rows(path, family)) {
      if (!row.tuned || row.config.use_dsp) continue;
      const costs::FpgaResources formula = test::element_formula(row);
      ElementErrors& errors = found[{kind_of(row), row.device_family}];
      errors.lut.add(static_cast<double>(formula.lut), row.lut);
      errors.ff.add(static_cast<double>(formula.ff), row.ff);
      errors.least_printed = std::min(errors.least_printed, formula.lut_uncertainty_percent);
      errors.most_printed = std::max(errors.most_printed, formula.lut_uncertainty_percent);
      if (!test::within_printed(formula, row.lut)) ++errors.beyond_printed;
    }
  return found;
}

Section elements() {
  const auto held_out = element_errors(test::held_out_tables());
  Section section;
  section.title = "LUT and flip-flops of processing elements";
  section.text =
      "Structure priced by `pack` against Yosys 0.23, tuned flow, no DSP blocks, one element of each point: formulas "
      "and "
      "LUT factors were\n"
      "fitted on `accelerators/*/costs/**/*synthesis.yaml`, and on nothing of `held_out/` (other lanes, widths, "
      "depths; "
      "those of a device's\n"
      "folder were drawn). \"Printed\" is the uncertainty that a result gives with these LUTs; two LUTs of a lone "
      "element's control are let\n"
      "pass. Two runs of Yosys on one netlist with other names differ by 1 to 6 %, a few by 15. It is no vendor's "
      "tool: "
      "the routed anchors\n"
      "are further down.";
  section.columns = {"element",   "cells of", "fitted: points", "LUT: mean",   "range",  "held out: points",
                     "LUT: mean", "range",    "FF: range",      "printed LUT", "verdict"};
  for (const auto& [key, fitted] : element_errors(test::fitted_tables())) {
    const ElementErrors out = held_out.contains(key) ? held_out.at(key) : ElementErrors{};
    section.rows.push_back({key.first, key.second, fitted.lut.points_text(), fitted.lut.mean_text(),
                            fitted.lut.range_text(), out.lut.points_text(), out.lut.mean_text(), out.lut.range_text(),
                            out.lut.points() > 0 ? out.ff.range_text() : fitted.ff.range_text() + " (fitted)",
                            printed_text(out.lut.points() > 0 ? out : fitted), verdict(out)});
  }
  return section;
}

}  // namespace lutra::validation
