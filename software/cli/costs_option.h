#pragma once

#include "software/cli/command.h"
#include "software/costs/tables.h"

namespace lutra::cli {

inline void add_costs_option(CommandLine& options) {
  options.value("costs", "DIR", "folder of cost tables that replace or extend the program's own (software/costs/README.md)");
}

// The tables of a parsed line. Throws Error naming a bad table's file and line.
inline costs::Tables chosen_tables(const CommandLine& options) {
  const auto folder = options.path("costs");
  return folder ? costs::tables_before(*folder) : costs::carried_tables();
}

}  // namespace lutra::cli
