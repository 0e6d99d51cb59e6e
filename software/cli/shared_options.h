#pragma once

#include <algorithm>
#include <cstdint>
#include <thread>

#include "software/cli/command.h"
#include "software/costs/tables.h"

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

}  // namespace lutra::cli
