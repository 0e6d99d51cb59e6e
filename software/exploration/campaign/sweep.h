#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "software/exploration/campaign/objectives.h"
#include "software/scenario/override.h"

namespace lutra::exploration {

// Many variants of one scenario. scenarios/README.md documents the file.
struct Sweep {
  std::string file;
  std::string name;
  std::string description;
  scenario::BaseScenario base;
  bool float_accuracy = false;
  std::optional<int> point_seconds;  // a point that takes longer fails
  std::vector<std::string> keys;     // every key that differs between points, in the order of the file
  std::vector<scenario::Overrides>
      points;  // in the order of the grid: the last axis varies fastest; then the single points
  Objectives objectives;
};

constexpr std::size_t most_points = 100'000;
constexpr std::size_t most_keys = 64;  // of all points together, and again of one point

// `file` names the text in messages and is where the base is looked for first. Throws Error "file:line: ..." for what
// is no sweep. What a point's values mean is checked when the point runs.
Sweep parse_sweep(std::string_view text, const std::string& file,
                  const costs::Tables& tables = costs::carried_tables());

Sweep load_sweep(const std::string& path, const costs::Tables& tables = costs::carried_tables());

}  // namespace lutra::exploration
