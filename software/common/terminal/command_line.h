#pragma once

#include <boost/program_options.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "software/common/terminal/usage.h"

namespace lutra::terminal {

// An option as a command declares it.
struct Option {
  std::string name;      // without the dashes
  std::string argument;  // what its value is called; empty: a flag
  std::string description;
  std::vector<std::string> choices;  // the values there are; empty: any
  bool is_repeated = false;
};

// The command line of one command: its options and its positional arguments.
class CommandLine {
 public:
  // `usage`: what follows "usage: lutra"; `about`: what the command does. `positional`: the names of its arguments; one
  // that ends with "..." takes all that are left.
  CommandLine(std::string usage, std::string about, std::vector<std::string> positional = {});

  void flag(const char* name, const char* description);
  void value(const char* name, const char* argument, const char* description);
  void repeated(const char* name, const char* argument, const char* description);  // may be given several times
  void choice(const char* name, std::vector<std::string> choices, const char* description);

  // What was declared, --help first.
  const std::string& usage() const { return usage_; }
  const std::string& about() const { return about_; }
  const std::vector<std::string>& positional() const { return positional_; }
  const std::vector<Option>& options() const { return options_; }

  // False when --help was given; it is then printed. Throws UsageError naming the argument and the nearest option or
  // the choices.
  bool parse(const Arguments& arguments);

  const Arguments& given() const { return given_; }  // as parsed

  bool has(const char* name) const;
  std::optional<std::string> text(const char* name) const;
  std::optional<std::filesystem::path> path(const char* name) const;
  std::optional<std::uint64_t> count(const char* name, std::uint64_t low, std::uint64_t high) const;
  std::string argument(std::size_t index) const;           // positional; empty when not given
  std::vector<std::string> texts(const char* name) const;  // of a repeated option or a positional that ends with "..."

 private:
  boost::program_options::options_description visible() const;
  std::string help() const;
  void check_choices() const;
  void check_positional() const;  // a command reads files only

  std::string usage_;
  std::string about_;
  std::vector<std::string> positional_;
  std::vector<Option> options_;
  Arguments given_;
  boost::program_options::variables_map values_;
};

}  // namespace lutra::terminal
