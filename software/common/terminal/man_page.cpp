#include "software/common/terminal/man_page.h"

#include <fmt/format.h>

#include <algorithm>

namespace lutra::terminal {

namespace {

// Text as roff shows it: line breaks are spaces, and no line begins with a control character.
std::string roff(const std::string& text) {
  std::string result;
  for (const char letter : text) {
    if (letter == '\\')
      result += "\\e";
    else if (letter == '-')
      result += "\\-";
    else if (letter == '\'')
      result += "\\(aq";
    else
      result += letter == '\n' ? ' ' : letter;
  }
  return result.starts_with('.') ? "\\&" + result : result;
}

// Text as an argument of a macro.
std::string macro_argument(const std::string& text) {
  std::string result;
  for (const char letter : roff(text)) result += letter == '"' ? std::string("\\(dq") : std::string(1, letter);
  return '"' + result + '"';
}

std::string option_entry(const Option& option) {
  std::string text = fmt::format(".TP\n\\fB{}\\fR", roff("--" + option.name));
  if (!option.argument.empty()) text += fmt::format(" \\fI{}\\fR", roff(option.argument));
  return fmt::format("{}\n{}\n", text, roff(option.description));
}

std::string command_entry(const Program& program, const ProgramCommand& command) {
  std::string text =
      fmt::format(".SS {}\n{}\n", macro_argument(fmt::format("{} {}", program.name, command.line.usage())),
                  roff(command.line.about()));
  for (const Option& option : command.line.options()) text += option_entry(option);
  return text;
}

}  // namespace

std::string man_page(const Program& program) {
  std::string title = program.name;
  std::transform(title.begin(), title.end(), title.begin(), [](char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  std::string text = fmt::format(".TH {} 1 \"\" {} \"User Commands\"\n", macro_argument(title),
                                 macro_argument(fmt::format("{} {}", program.name, program.version)));
  text += fmt::format(".SH NAME\n{} \\- {}\n", roff(program.name), roff(program.summary));
  text += fmt::format(
      ".SH SYNOPSIS\n\\fB{0}\\fR \\fIcommand\\fR [\\fIarguments\\fR]\n.br\n\\fB{0} \\-\\-help\\fR | "
      "\\fB\\-\\-version\\fR\n",
      roff(program.name));
  text += fmt::format(".SH DESCRIPTION\n{}\n", roff(program.about));
  for (const ProgramCommand& command : program.commands)
    text += fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff(command.name), roff(command.summary));
  text += ".SH COMMANDS\n";
  for (const ProgramCommand& command : program.commands) text += command_entry(program, command);
  text += ".SH \"EXIT STATUS\"\n";
  const std::pair<ExitCode, const char*> codes[] = {{exit_success, "done"},
                                                    {exit_error, "an error, with one message on standard error"},
                                                    {exit_usage, "a wrong call"},
                                                    {exit_interrupted, "interrupted"}};
  for (const auto& [code, meaning] : codes) text += fmt::format(".TP\n{}\n{}\n", static_cast<int>(code), meaning);
  return text;
}

}  // namespace lutra::terminal
