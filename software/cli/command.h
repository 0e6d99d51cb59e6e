#pragma once

#include <span>

#include "software/common/terminal/command_line.h"
#include "software/common/terminal/progress_bar.h"

namespace lutra::cli {

using terminal::Arguments;
using terminal::CommandLine;
using terminal::exit_error;
using terminal::exit_interrupted;
using terminal::exit_success;
using terminal::exit_usage;
using terminal::ProgressBar;
using terminal::UsageError;

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
int price_command(const Arguments& arguments);
int describe_command(const Arguments& arguments);
int quantise_command(const Arguments& arguments);
int train_command(const Arguments& arguments);
int export_command(const Arguments& arguments);
int exec_command(const Arguments& arguments);
int schemes_command(const Arguments& arguments);
int engines_command(const Arguments& arguments);
int keys_command(const Arguments& arguments);

}  // namespace lutra::cli
