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
  CommandLine (*options)();        // what it accepts
  int (*run)(const CommandLine&);  // returns the exit code; throws UsageError or Error
};

std::span<const Command> commands();

CommandLine run_options();
int run_command(const CommandLine& options);

CommandLine compare_options();
int compare_command(const CommandLine& options);

CommandLine sweep_options();
int sweep_command(const CommandLine& options);

CommandLine check_options();
int check_command(const CommandLine& options);

CommandLine explain_options();
int explain_command(const CommandLine& options);

CommandLine price_options();
int price_command(const CommandLine& options);

CommandLine describe_options();
int describe_command(const CommandLine& options);

CommandLine synthesise_options();
int synthesise_command(const CommandLine& options);

CommandLine diff_options();
int diff_command(const CommandLine& options);

CommandLine quantise_options();
int quantise_command(const CommandLine& options);

CommandLine train_options();
int train_command(const CommandLine& options);

CommandLine export_options();
int export_command(const CommandLine& options);

CommandLine seeds_options();
int seeds_command(const CommandLine& options);

CommandLine exec_options();
int exec_command(const CommandLine& options);

CommandLine schemes_options();
int schemes_command(const CommandLine& options);

CommandLine engines_options();
int engines_command(const CommandLine& options);

CommandLine keys_options();
int keys_command(const CommandLine& options);

CommandLine man_options();
int man_command(const CommandLine& options);

CommandLine completion_options();
int completion_command(const CommandLine& options);

}  // namespace lutra::cli
