#include "tests/validation/array_energy.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <set>

#include "software/costs/tables.h"

namespace lutra::validation {

std::map<std::string, LayerErrors> layer_errors() {
  static const std::regex stated(R"(([+-][0-9]+) % on layers of a trained network)");
  std::map<std::string, LayerErrors> found;
  for (const auto& [family, table] : costs::find_target(costs::carried_tables(), "45nm").families) {
    std::set<std::string> netlists;  // prices of one netlist state its error each
    for (const costs::EventEnergy& price : table.energy) {
      const std::string& source = price.provenance.source;
      const std::string netlist = fmt::format("{} x {}: {}", price.width_activation.value_or(0),
                                              price.width_weight.value_or(0), source.substr(0, source.find(';')));
      std::smatch match;
      LayerErrors& errors = found[family];
      if (std::regex_search(source, match, stated)) {
        errors.printed = std::min(errors.printed, price.provenance.uncertainty_percent);
        if (netlists.insert(netlist).second) errors.layers.add_percent(std::stod(match[1]));
      } else if (source.ends_with("no layers measured") && netlists.insert(netlist).second) {
        ++errors.unmeasured;
      }
    }
  }
  return found;
}

Section array_energy() {
  Section section;
  section.title = "Energy of the arrays";
  section.text =
      "Prices of `accelerators/*/costs/asic_45nm.yaml` against the gate netlists of the RTL twins, glitches included, "
      "on words of layers of\n"
      "trained networks; the prices are fitted on drawn words only "
      "([energy](../../accelerators/array/energy/README.md)). A point is a netlist.\n"
      "The same flow made both, so library, clock tree and layout are not checked by it: the anchors further down are.";
  section.columns = {"family", "points", "mean", "range", "netlists without layers", "printed", "verdict"};
  for (const auto& [family, errors] : layer_errors())
    section.rows.push_back(
        {family, errors.layers.points_text(), errors.layers.mean_text(), errors.layers.range_text(),
         std::to_string(errors.unmeasured), fmt::format("+-{:.0f} %", errors.printed),
         errors.layers.grade() +
             (errors.layers.worst() <= errors.printed ? ", as printed" : ", **printed too small**")});
  return section;
}

}  // namespace lutra::validation
