#include "software/common/terminal/command_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "software/common/nearest.h"
#include "software/common/parse_whole.h"
#include "software/common/terminal/output.h"

namespace lutra::terminal {

namespace po = boost::program_options;

namespace {

// "a, b or c".
std::string one_of(std::vector<std::string> words) {
  const std::string last = words.back();
  words.pop_back();
  return words.empty() ? last : fmt::format("{} or {}", fmt::join(words, ", "), last);
}

}  // namespace

CommandLine::CommandLine(std::string usage, std::string about, std::vector<std::string> positional)
    : usage_(std::move(usage)), about_(std::move(about)), positional_(std::move(positional)) {
  flag("help", "print this and exit");
}

void CommandLine::flag(const char* name, const char* description) { options_.push_back({name, "", description, {}}); }

void CommandLine::value(const char* name, const char* argument, const char* description) {
  options_.push_back({name, argument, description, {}});
}

void CommandLine::repeated(const char* name, const char* argument, const char* description) {
  options_.push_back({name, argument, description, {}, true});
}

void CommandLine::choice(const char* name, std::vector<std::string> choices, const char* description) {
  options_.push_back({name, fmt::format("{}", fmt::join(choices, "|")), description, std::move(choices)});
}

po::options_description CommandLine::visible() const {
  po::options_description visible("options");
  for (const Option& option : options_) {
    const char* description = option.description.c_str();
    if (option.argument.empty())
      visible.add_options()(option.name.c_str(), description);
    else if (option.is_repeated)
      visible.add_options()(option.name.c_str(), po::value<std::vector<std::string>>()->value_name(option.argument),
                            description);
    else
      visible.add_options()(option.name.c_str(), po::value<std::string>()->value_name(option.argument), description);
  }
  return visible;
}

bool CommandLine::parse(const Arguments& arguments) {
  given_ = arguments;
  po::options_description all = visible();
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
    for (const Option& option : options_) names.push_back("--" + option.name);
    const std::string close = nearest(error.get_option_name(), names);
    throw UsageError(fmt::format("unknown option '{}'{}", error.get_option_name(),
                                 close.empty() ? "" : fmt::format("; did you mean '{}'?", close)));
  } catch (const po::too_many_positional_options_error&) {
    throw UsageError(fmt::format("too many arguments; usage: lutra {}", usage_));
  } catch (const po::error& error) {
    throw UsageError(error.what());
  }
  if (has("help")) {
    terminal::print(help());
    return false;
  }
  check_choices();
  check_positional();
  return true;
}

void CommandLine::check_positional() const {
  for (const std::string& name : positional_) {
    const std::vector<std::string> given = name.ends_with("...") ? texts(name.c_str())
                                           : has(name.c_str())   ? std::vector{*text(name.c_str())}
                                                                 : std::vector<std::string>{};
    if (std::find(given.begin(), given.end(), "-") != given.end())
      throw UsageError("-: standard input is not read; write it into a file and name that");
  }
}

void CommandLine::check_choices() const {
  for (const Option& option : options_) {
    if (option.choices.empty() || !has(option.name.c_str())) continue;
    const auto& value = values_[option.name].as<std::string>();
    if (std::find(option.choices.begin(), option.choices.end(), value) == option.choices.end())
      throw UsageError(fmt::format("--{} {}: give {}", option.name, value, one_of(option.choices)));
  }
}

bool CommandLine::has(const char* name) const { return values_.count(name) != 0; }

std::optional<std::string> CommandLine::text(const char* name) const {
  if (!has(name)) return std::nullopt;
  return values_[name].as<std::string>();
}

std::optional<std::filesystem::path> CommandLine::path(const char* name) const {
  const auto given = text(name);
  if (given && given->empty()) throw UsageError(fmt::format("--{} needs a path", name));
  if (given && *given == "-")
    throw UsageError(fmt::format("--{} -: standard input and output are not used; name a path", name));
  return given;
}

std::optional<std::uint64_t> CommandLine::count(const char* name, std::uint64_t low, std::uint64_t high) const {
  const auto given = text(name);
  if (!given) return std::nullopt;
  std::uint64_t value = 0;
  if (!parse_whole(*given, value) || value < low || value > high)
    throw UsageError(fmt::format("--{} {}: give a whole number from {} to {}", name, *given, low, high));
  return value;
}

std::string CommandLine::argument(std::size_t index) const { return text(positional_.at(index).c_str()).value_or(""); }

std::vector<std::string> CommandLine::texts(const char* name) const {
  return has(name) ? values_[name].as<std::vector<std::string>>() : std::vector<std::string>{};
}

std::string CommandLine::help() const {
  std::ostringstream options;
  options << visible();
  return fmt::format("usage: lutra {}\n\n{}\n\n{}", usage_, about_, options.str());
}

}  // namespace lutra::terminal
