#include "software/exploration/campaign/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "software/common/error.h"
#include "software/common/files.h"
#include "software/common/process/child_pool.h"
#include "software/exploration/point/flow.h"

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

std::vector<Check> check_scenarios(const std::vector<std::string>& scenarios, const CheckOptions& options) {
  std::vector<Check> checks = prepare_checks(scenarios, options.golden);
  if (options.update) require_writable(options.golden);
  const std::size_t at_once = std::max<std::size_t>(std::min(options.jobs, checks.size()), 1);
  ChildTasks tasks;
  tasks.count = checks.size();
  tasks.work = [&](std::size_t task) {
    FlowOptions flow;
    flow.tables = options.tables;
    flow.data = options.data;
    flow.float_accuracy = false;
    flow.jobs = static_cast<int>(std::max<std::size_t>(options.threads / at_once, 1));
    return result::to_golden(
        run_scenario(scenario::load_scenario(checks[task].scenario, *options.tables), flow).result);
  };
  tasks.finished = [&](std::size_t task, const ChildAnswer& answer) {
    if (answer.failed)
      checks[task].error = answer.text;
    else
      compare(checks[task], answer.text, options.update);
  };
  if (!run_in_children(tasks, at_once)) checks.clear();
  return checks;
}

}  // namespace lutra::exploration
