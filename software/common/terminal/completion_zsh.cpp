#include <fmt/format.h>

#include <set>

#include "software/common/terminal/completion.h"

namespace lutra::terminal {

namespace {

// Text within a specification of _arguments that stands in single quotes.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char letter : text) {
    if (letter == '\'')
      result += "'\\''";
    else if (letter == '\\' || letter == ':' || letter == '[' || letter == ']')
      result += std::string("\\") + letter;
    else
      result += letter == '\n' ? ' ' : letter;
  }
  return result;
}

// A function for each kind with words, so that specifications stay short.
std::string function_name(const Program& program, const ValueKind& kind) {
  std::string name = fmt::format("_{}_{}", program.name, kind.name);
  for (char& letter : name)
    if (letter == '=' || letter == '-') letter = '_';
  return name;
}

std::string function_of(const Program& program, const ValueKind& kind) {
  const std::string words = listed(kind.words);
  std::string body;
  if (kind.paths != Paths::none)
    body = fmt::format("_alternative 'words:{0}:({1})' 'paths:path:_files{2}'", kind.name, words,
                       kind.paths == Paths::folders ? " -/" : "");
  else
    body = fmt::format("compadd {}-- {}", kind.words.front().ends_with('=') ? "-S '' " : "", words);
  return fmt::format("{}() {{ {} }}\n", function_name(program, kind), body);
}

std::string action(const Program& program, const ValueKind& value) {
  if (!value.words.empty())
    return value.name.empty() ? fmt::format("({})", listed(value.words)) : function_name(program, value);
  if (value.paths == Paths::none) return " ";
  return value.paths == Paths::folders ? "_files -/" : "_files";
}

std::string option_specification(const Program& program, const Option& option) {
  const std::string about = escaped(option.description);
  if (option.name == "help") return fmt::format("'(- *)--help[{}]'", about);
  if (option.argument.empty()) return fmt::format("'--{}[{}]'", option.name, about);
  return fmt::format("'{}--{}=[{}]:{}:{}'", option.is_repeated ? "*" : "", option.name, about, escaped(option.argument),
                     action(program, value_of(program, option)));
}

std::string argument_specification(const Program& program, const std::string& name, std::size_t place) {
  const bool is_repeated = name.ends_with("...");
  return fmt::format("'{}:{}:{}'", is_repeated ? "*" : fmt::format("{}", place), escaped(name),
                     action(program, value_of_argument(program, name)));
}

std::string command_case(const Program& program, const ProgramCommand& command) {
  std::string text = fmt::format("    {})\n      _arguments", command.name);
  for (const Option& option : command.line.options())
    text += fmt::format(" \\\n        {}", option_specification(program, option));
  std::size_t place = 1;
  for (const std::string& name : command.line.positional())
    text += fmt::format(" \\\n        {}", argument_specification(program, name, place++));
  return text + " ;;\n";
}

// The functions of all kinds that some value or argument has.
std::string functions(const Program& program) {
  std::set<std::string> made;
  std::string text;
  const auto add = [&](const ValueKind& kind) {
    if (!kind.words.empty() && !kind.name.empty() && made.insert(kind.name).second) text += function_of(program, kind);
  };
  for (const ProgramCommand& command : program.commands) {
    for (const Option& option : command.line.options()) add(value_of(program, option));
    for (const std::string& name : command.line.positional()) add(value_of_argument(program, name));
  }
  return text;
}

}  // namespace

std::string zsh_completion(const Program& program) {
  std::string text =
      fmt::format("#compdef {0}\n# zsh completion of {0} {1}, as '{0} completion zsh' prints it\n\n{2}\n", program.name,
                  program.version, functions(program));
  text += fmt::format(
      "_{}() {{\n  local state line context state_descr\n  local -a commands\n  typeset -A opt_args\n"
      "  commands=(\n",
      program.name);
  for (const ProgramCommand& command : program.commands)
    text += fmt::format("    '{}:{}'\n", command.name, escaped(command.summary));
  text +=
      "  )\n  _arguments -C '(- *)--help[print the commands]' '(- *)--version[print the version]' "
      "'1:command:->command' '*::argument:->argument'\n"
      "  case $state in\n    command) _describe command commands; return ;;\n    argument) ;;\n    *) return ;;\n"
      "  esac\n  case $words[1] in\n";
  for (const ProgramCommand& command : program.commands) text += command_case(program, command);
  return text + fmt::format("  esac\n}}\n\n_{} \"$@\"\n", program.name);
}

}  // namespace lutra::terminal
