#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace lutra::cli {

using Arguments = std::vector<std::string>;

// A wrong call, as opposed to wrong input: exit code 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum ExitCode { exit_success = 0, exit_error = 1, exit_usage = 2, exit_interrupted = 130 };

struct Command {
  const char* name;
  const char* summary;
  int (*run)(const Arguments&);  // returns the exit code; throws UsageError or Error
};

std::span<const Command> commands();

int run_command(const Arguments& arguments);
int compare_command(const Arguments& arguments);
int sweep_command(const Arguments& arguments);
int check_command(const Arguments& arguments);
int explain_command(const Arguments& arguments);
int describe_command(const Arguments& arguments);
int quantize_command(const Arguments& arguments);
int train_command(const Arguments& arguments);
int export_command(const Arguments& arguments);
int exec_command(const Arguments& arguments);
int schemes_command(const Arguments& arguments);
int engines_command(const Arguments& arguments);

}  // namespace lutra::cli
