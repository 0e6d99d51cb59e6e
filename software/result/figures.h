#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "software/result/result.h"

namespace lutra::result {

// One column of a table that has a line per result.
struct Figure {
  const char* name;
  bool orderable;                               // a number that every result with this part has
  nlohmann::ordered_json (*of)(const Result&);  // null where the result lacks it
};

// In the order of the columns; software/exploration/README.md documents them.
std::span<const Figure> figures();

std::vector<std::string> orderable_figures();  // their names

// Throws Error naming what there is.
const Figure& find_figure(const std::string& name);

// In a cell of a table: words without quotes, nothing for null.
std::string figure_text(const nlohmann::ordered_json& figure);

}  // namespace lutra::result
