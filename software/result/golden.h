#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "software/result/result.h"

namespace lutra::result {

// A golden result: what of a result must not change unnoticed, and is the same on every machine. Energies in whole
// femtojoules; neither the float network's accuracy nor any table's wording is part of it. traces/golden/README.md
// documents the fields.
std::string to_golden(const Result& result);

// A figure that differs, by its path ("layers.conv1.cycles"); empty where it is absent.
struct Difference {
  std::string figure;
  std::string golden;
  std::string now;
  std::optional<double> change;   // now - golden, of numbers
  std::optional<double> percent;  // of the golden number, unless that is zero

  std::string text() const;  // "cycles.total: 100 -> 103 (+3, +3 %)"
};

// In the order of the new text, then what only the golden one has. Numbers are compared exactly. `name` names the
// golden text; throws Error where it is not JSON.
std::vector<Difference> compare_golden(std::string_view golden, std::string_view now, const std::string& name);

}  // namespace lutra::result
