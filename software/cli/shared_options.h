#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>

#include "software/cli/command.h"
#include "software/common/printable.h"
#include "software/common/terminal/output.h"
#include "software/costs/tables.h"
#include "software/exploration/campaign/point_key.h"
#include "software/exploration/campaign/run_points.h"
#include "software/scenario/override.h"

namespace lutra::cli {

constexpr std::uint64_t most_jobs = 1024;

// Threads the machine runs at a time.
inline std::size_t cores() { return std::max(std::thread::hardware_concurrency(), 1U); }

inline void add_costs_option(CommandLine& options) {
  options.value("costs", "DIR",
                "folder of cost tables that replace or extend the program's own (software/costs/README.md)");
}

// The tables of a parsed line. Throws Error naming a bad table's file and line.
inline costs::Tables chosen_tables(const CommandLine& options) {
  const auto folder = options.path("costs");
  return folder ? costs::tables_before(*folder) : costs::carried_tables();
}

// The keys that --set gives other values.
inline scenario::Overrides chosen_settings(const CommandLine& options) {
  scenario::Overrides overrides;
  for (const std::string& setting : options.texts("set"))
    overrides.push_back(scenario::parse_override(setting, "--set"));
  return overrides;
}

// A scenario with those values.
inline scenario::Scenario chosen_scenario(const CommandLine& options, const std::string& name,
                                          const costs::Tables& tables) {
  const scenario::Overrides overrides = chosen_settings(options);
  if (overrides.empty()) return scenario::load_scenario(name, tables);
  return scenario::apply_overrides(scenario::load_base(name, tables), overrides, tables).scenario;
}

// What commands that run many points share.
inline void add_points_options(CommandLine& options) {
  options.value("data", "DIR", "folder of data sets and models");
  add_costs_option(options);
  options.value("jobs", "N", "points at a time, each a process of its own (default: as many as cores)");
  options.value("point-seconds", "S",
                "a point that takes longer is ended and fails (default: the file's point_seconds)");
}

// Of a parsed line; tables and inputs must outlive it.
inline exploration::PointsOptions points_options(const CommandLine& options, const costs::Tables& tables,
                                                 exploration::Inputs& inputs) {
  exploration::PointsOptions how;
  how.tables = &tables;
  how.inputs = &inputs;
  how.program = exploration::program_digest();
  how.threads = cores();
  how.jobs = options.count("jobs", 1, most_jobs).value_or(how.threads);
  if (const auto seconds = options.count("point-seconds", 1, exploration::most_point_seconds))
    how.point_seconds = static_cast<int>(*seconds);
  return how;
}

inline void warn_of_entries(const std::string& text) {
  terminal::say(fmt::format("lutra: warning: {}\n", plain_lines(text)));
}

// Folders for results and for networks, and a word about what is set aside there.
inline exploration::Stores open_stores(const std::filesystem::path& points, const std::filesystem::path& networks) {
  return {{points, warn_of_entries}, {networks, warn_of_entries}};
}

}  // namespace lutra::cli
