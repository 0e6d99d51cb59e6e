#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "software/exploration/campaign/objectives.h"
#include "software/exploration/search/search_space.h"
#include "software/scenario/override.h"

namespace lutra::exploration {

struct ComparisonRow {
  std::string name;
  std::string note;                  // what a reader has to know beside the numbers
  std::optional<Minimise> minimise;  // by the searches of this row; absent: what each search says
  scenario::Overrides settings;
};

// Several schemes and engines on one network, SoC and device. scenarios/README.md documents the file.
struct Comparison {
  std::string file;
  std::string name;
  std::string description;
  scenario::BaseScenario base;
  std::vector<ComparisonRow> rows;
  Objectives objectives;              // usually most accuracy, least cycles, least energy
  std::optional<int> point_seconds;   // a point that takes longer fails
  std::vector<SearchSpace> searches;  // a table each beside that at equal shape, devices first
};

// `file` names the text in messages and is where the base is looked for first. Throws Error "file:line: ...".
Comparison parse_comparison(std::string_view text, const std::string& file,
                            const costs::Tables& tables = costs::carried_tables());

// A file, or one that Lutra carries in scenarios/. Throws Error.
Comparison load_comparison(const std::string& path_or_name, const costs::Tables& tables = costs::carried_tables());

// Scenarios as they are, a row each. Throws Error.
Comparison compare_scenarios(const std::vector<std::string>& scenarios,
                             const costs::Tables& tables = costs::carried_tables());

}  // namespace lutra::exploration
