#pragma once

#include <map>
#include <set>
#include <sstream>
#include <string>

#include "tests/support/command_line.h"

namespace lutra::test {

// What the helps of all commands say: for each command its options, "--help" among them.
inline std::map<std::string, std::set<std::string>> declared_options(const Scratch& scratch) {
  std::map<std::string, std::set<std::string>> declared;
  std::istringstream commands(lutra_command(scratch, "--help").output);
  for (std::string line; std::getline(commands, line);) {
    if (!line.starts_with("  ")) continue;
    const std::string command = line.substr(2, line.find(' ', 2) - 2);
    std::istringstream help(lutra_command(scratch, command + " --help").output);
    for (std::string entry; std::getline(help, entry);)
      if (entry.starts_with("  --")) declared[command].insert(entry.substr(2, entry.find(' ', 2) - 2));
  }
  EXPECT_GE(declared.size(), 16U);
  return declared;
}

}  // namespace lutra::test
