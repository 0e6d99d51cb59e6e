#include "software/exploration/campaign/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/result/result_json.h"

namespace lutra::exploration {

namespace {

constexpr const char* suffix = ".json";

std::filesystem::path golden_file(const std::filesystem::path& folder, const std::string& scenario) {
  std::string name = std::filesystem::path(scenario).filename().string();
  if (name.ends_with(".yaml")) name.erase(name.size() - std::string(".yaml").size());
  return folder / (name + suffix);
}

std::vector<Check> prepare_checks(const std::vector<std::string>& scenarios, const std::filesystem::path& folder) {
  std::vector<Check> checks;
  std::map<std::filesystem::path, std::string> owners;
  for (const std::string& scenario : scenarios) {
    const auto golden = golden_file(folder, scenario);
    const auto [owner, is_first] = owners.emplace(golden, scenario);
    if (!is_first)
      throw Error(fmt::format("scenarios '{}' and '{}' have one golden result, {}; check them in two calls",
                              owner->second, scenario, golden.string()));
    std::error_code ignored;
    checks.push_back({scenario, golden, std::filesystem::exists(golden, ignored), "", {}});
  }
  return checks;
}

void compare(Check& check, const std::string& now, bool update) {
  try {
    if (check.has_golden) {
      const std::string golden = read_text_file(check.golden);
      check.differences = result::compare_golden(golden, now, check.golden.string());
      if (golden == now) return;
    }
  } catch (const Error& error) {
    if (!update) check.error = error.what();
    check.has_golden = false;
  }
  if (update) write_file(check.golden, now);
}

}  // namespace

std::vector<std::string> golden_scenarios(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failure))
    if (entry.path().extension() == suffix) names.push_back(entry.path().stem().string());
  if (names.empty())
    throw Error(
        fmt::format("{}: holds no golden results{}; name scenarios and give --update to make some, or name "
                    "another folder with --golden",
                    folder.string(), failure ? fmt::format(" ({})", failure.message()) : ""));
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<Check> check_scenarios(const std::vector<std::string>& scenarios, const std::filesystem::path& golden,
                                   bool update, PointsOptions options) {
  std::vector<Check> checks = prepare_checks(scenarios, golden);
  if (update) require_writable(golden);
  options.float_accuracy = false;
  const PointsOutcome ran =
      run_points({checks.size(),
                  [&](std::size_t i) {
                    return scenario::apply_overrides(scenario::load_base(checks[i].scenario, *options.tables), {},
                                                     *options.tables);
                  }},
                 nullptr, options);
  if (ran.interrupted) return {};
  for (std::size_t i = 0; i < checks.size(); ++i) {
    checks[i].error = ran.points[i].error;
    if (checks[i].error.empty())
      compare(checks[i], result::to_golden(result::from_json(ran.points[i].json, checks[i].scenario)), update);
  }
  return checks;
}

}  // namespace lutra::exploration
