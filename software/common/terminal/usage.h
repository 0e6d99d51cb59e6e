#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace lutra::terminal {

// Of a program or a command, its own name left out.
using Arguments = std::vector<std::string>;

// A wrong call, as opposed to wrong input: exit code 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum ExitCode { exit_success = 0, exit_error = 1, exit_usage = 2, exit_interrupted = 130 };

}  // namespace lutra::terminal
