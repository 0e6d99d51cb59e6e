#include <fmt/format.h>

#include "software/common/terminal/completion.h"

namespace lutra::terminal {

namespace {

// Before and after the cases; $2 is the word at the cursor and $3 the one before it.
constexpr const char* head = R"(# bash completion of {0} {1}, as '{0} completion bash' prints it
_{0}() {{
  local word=$2 previous=$3 words='' paths=''
  [ "$previous" != = ] || previous=${{COMP_WORDS[COMP_CWORD - 2]}}
  [ "$word" != = ] || word=''
  if [ "$COMP_CWORD" -eq 1 ]; then
    words='{2} --help --version'
  elif [[ $word == -* ]]; then
    case ${{COMP_WORDS[1]}} in
)";
constexpr const char* middle = R"(    esac
  else
    case "${COMP_WORDS[1]} $previous" in
)";
constexpr const char* tail = R"(    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word"; [ -z "$paths" ] || compgen "$paths" -- "$word")
  [ -z "$paths" ] || compopt -o filenames 2>/dev/null
  [[ ${{COMPREPLY[0]-}} != *= ]] || compopt -o nospace 2>/dev/null
}}
complete -F _{0} {0}
)";

// The variables that the tail reads.
std::string assignments(const ValueKind& value) {
  std::string text;
  if (!value.words.empty()) text += fmt::format(" words='{}'", listed(value.words));
  if (value.paths != Paths::none) text += value.paths == Paths::folders ? " paths=-d" : " paths=-f";
  return text;
}

std::string options_case(const ProgramCommand& command) {
  std::vector<std::string> names;
  for (const Option& option : command.line.options()) names.push_back("--" + option.name);
  return fmt::format("      {}) words='{}' ;;\n", command.name, listed(names));
}

// A case for each option with a value, then one for the arguments: of several the next one's place does not matter, so
// the first one's words and the paths are what there is to choose from.
std::string value_cases(const Program& program, const ProgramCommand& command) {
  std::string text;
  for (const Option& option : command.line.options())
    if (!option.argument.empty())
      text += fmt::format("      '{} --{}'){} ;;\n", command.name, option.name, assignments(value_of(program, option)));
  if (command.line.positional().empty()) return text;
  return text + fmt::format("      '{} '*){} ;;\n", command.name,
                            assignments(value_of_argument(program, command.line.positional().front())));
}

}  // namespace

std::string bash_completion(const Program& program) {
  std::vector<std::string> names;
  for (const ProgramCommand& command : program.commands) names.push_back(command.name);
  std::string text = fmt::format(head, program.name, program.version, listed(names));
  for (const ProgramCommand& command : program.commands) text += options_case(command);
  text += middle;
  for (const ProgramCommand& command : program.commands) text += value_cases(program, command);
  return text + fmt::format(tail, program.name);
}

}  // namespace lutra::terminal
