#pragma once

#include <string>
#include <vector>

#include "software/common/terminal/command_line.h"

namespace lutra::terminal {

enum class Paths { none, files, folders };

// What may stand for a value: words, paths or both.
struct ValueKind {
  std::string name;  // in lower case, of the options' and arguments' names that mean it: "dir" for DIR
  std::vector<std::string> words;
  Paths paths = Paths::none;
};

struct ProgramCommand {
  std::string name;
  std::string summary;
  CommandLine line;
};

// What a program declares of itself; its manual and its completions are written from this.
struct Program {
  std::string name;
  std::string version;
  std::string summary;
  std::string about;
  std::vector<ProgramCommand> commands;
  std::vector<ValueKind> kinds;
};

// Of an option's value: its choices as a kind without a name, or the kind of its name (FILE.onnx is a FILE); where no
// kind has it, neither words nor paths.
ValueKind value_of(const Program& program, const Option& option);

// Of an argument: the kind of its name, "..." left out; files where no kind has it.
ValueKind value_of_argument(const Program& program, const std::string& name);

// The words with a space between.
std::string listed(const std::vector<std::string>& words);

}  // namespace lutra::terminal
