#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "software/exploration/campaign/run_points.h"
#include "software/result/golden.h"

namespace lutra::exploration {

// What became of one scenario.
struct Check {
  std::string scenario;          // as it was named
  std::filesystem::path golden;  // its golden file
  bool has_golden = false;       // before
  std::string error;             // why there is no result or no comparison
  std::vector<result::Difference> differences;

  bool as_golden() const { return error.empty() && has_golden && differences.empty(); }
};

// The scenarios that have a golden result there, sorted. Throws Error when there is none.
std::vector<std::string> golden_scenarios(const std::filesystem::path& folder);

// Runs scenarios (files, or names that Lutra carries) and compares each with `<its file's name>.json` in the folder
// `golden`. One that fails ends nothing. With `update`, golden files become what was found. Empty when SIGINT or
// SIGTERM came. Throws Error when two have one golden file, and when a golden file cannot be written.
std::vector<Check> check_scenarios(const std::vector<std::string>& scenarios, const std::filesystem::path& golden,
                                   bool update, PointsOptions options);

}  // namespace lutra::exploration
