#pragma once

#include <boost/program_options.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "software/common/terminal/usage.h"

namespace lutra::terminal {

// The command line of one command: its options and its positional arguments.
class CommandLine {
 public:
  // `usage`: what follows "usage: lutra"; `about`: what the command does. `positional`: the names of its arguments; one
  // that ends with "..." takes all that are left.
  CommandLine(std::string usage, std::string about, std::vector<std::string> positional = {});

  void flag(const char* name, const char* description);
  void value(const char* name, const char* argument, const char* description);
  void repeated(const char* name, const char* argument, const char* description);  // may be given several times

  // False when --help was given; it is then printed. Throws UsageError naming the argument and the nearest option.
  bool parse(const Arguments& arguments);

  bool has(const char* name) const;
  std::optional<std::string> text(const char* name) const;
  std::optional<std::filesystem::path> path(const char* name) const;
  std::optional<std::uint64_t> count(const char* name, std::uint64_t low, std::uint64_t high) const;
  std::string argument(std::size_t index) const;           // positional; empty when not given
  std::vector<std::string> texts(const char* name) const;  // of a repeated option or a positional that ends with "..."

 private:
  std::string help() const;

  std::string usage_;
  std::string about_;
  std::vector<std::string> positional_;
  boost::program_options::options_description visible_;
  boost::program_options::variables_map values_;
};

}  // namespace lutra::terminal
