#include "software/common/terminal/command_line.h"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "software/common/nearest.h"

namespace lutra::terminal {

namespace po = boost::program_options;

CommandLine::CommandLine(std::string usage, std::string about, std::vector<std::string> positional)
    : usage_(std::move(usage)), about_(std::move(about)), positional_(std::move(positional)), visible_("options") {
  flag("help", "print this and exit");
}

void CommandLine::flag(const char* name, const char* description) { visible_.add_options()(name, description); }

void CommandLine::value(const char* name, const char* argument, const char* description) {
  visible_.add_options()(name, po::value<std::string>()->value_name(argument), description);
}

void CommandLine::repeated(const char* name, const char* argument, const char* description) {
  visible_.add_options()(name, po::value<std::vector<std::string>>()->value_name(argument), description);
}

bool CommandLine::parse(const Arguments& arguments) {
  po::options_description all = visible_;
  po::positional_options_description positions;
  for (const std::string& name : positional_) {
    if (name.ends_with("...")) {
      all.add_options()(name.c_str(), po::value<std::vector<std::string>>());
      positions.add(name.c_str(), -1);
    } else {
      all.add_options()(name.c_str(), po::value<std::string>());
      positions.add(name.c_str(), 1);
    }
  }
  const auto style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  try {
    po::store(po::command_line_parser(arguments).options(all).positional(positions).style(style).run(), values_);
  } catch (const po::unknown_option& error) {
    std::vector<std::string> names;
    for (const auto& option : visible_.options()) names.push_back("--" + option->long_name());
    const std::string close = nearest(error.get_option_name(), names);
    throw UsageError(fmt::format("unknown option '{}'{}", error.get_option_name(),
                                 close.empty() ? "" : fmt::format("; did you mean '{}'?", close)));
  } catch (const po::too_many_positional_options_error&) {
    throw UsageError(fmt::format("too many arguments; usage: lutra {}", usage_));
  } catch (const po::error& error) {
    throw UsageError(error.what());
  }
  if (!has("help")) return true;
  fmt::print("{}", help());
  return false;
}

bool CommandLine::has(const char* name) const { return values_.count(name) != 0; }

std::optional<std::string> CommandLine::text(const char* name) const {
  if (!has(name)) return std::nullopt;
  return values_[name].as<std::string>();
}

std::optional<std::filesystem::path> CommandLine::path(const char* name) const {
  const auto given = text(name);
  if (given && given->empty()) throw UsageError(fmt::format("--{} needs a path", name));
  return given;
}

std::optional<std::uint64_t> CommandLine::count(const char* name, std::uint64_t low, std::uint64_t high) const {
  const auto given = text(name);
  if (!given) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(given->data(), given->data() + given->size(), value);
  if (failure != std::errc{} || end != given->data() + given->size() || value < low || value > high)
    throw UsageError(fmt::format("--{} {}: give a whole number from {} to {}", name, *given, low, high));
  return value;
}

std::string CommandLine::argument(std::size_t index) const { return text(positional_.at(index).c_str()).value_or(""); }

std::vector<std::string> CommandLine::texts(const char* name) const {
  return has(name) ? values_[name].as<std::vector<std::string>>() : std::vector<std::string>{};
}

std::string CommandLine::help() const {
  std::ostringstream options;
  options << visible_;
  return fmt::format("usage: lutra {}\n\n{}\n\n{}", usage_, about_, options.str());
}

}  // namespace lutra::terminal
