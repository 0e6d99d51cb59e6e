#pragma once

#include <string>

#include "software/common/terminal/program.h"

namespace lutra::terminal {

// What a shell reads to complete the program's command line: commands, options, and the words and paths of values and
// arguments.
std::string bash_completion(const Program& program);
std::string zsh_completion(const Program& program);

}  // namespace lutra::terminal
