#include <fmt/format.h>

#include <filesystem>

#include "software/cli/command.h"
#include "software/common/embedded.h"
#include "software/common/terminal/completion.h"
#include "software/common/terminal/man_page.h"
#include "software/common/terminal/output.h"
#include "software/costs/tables.h"
#include "software/scenario/knob_table.h"
#include "software/scenario/scenario.h"

namespace lutra::cli {

namespace {

using terminal::Paths;
using terminal::Program;

// What `compare` takes: comparisons and scenarios that Lutra carries.
std::vector<std::string> carried_comparisons() {
  std::vector<std::string> names = scenario::shipped_scenarios();
  for (const std::string& file : list_embedded("scenarios/comparisons/"))
    names.push_back(std::filesystem::path(file).stem().string());
  return names;
}

Program this_program() {
  std::vector<std::string> devices = costs::carried_tables().device_names(), nodes = costs::carried_tables().nodes();
  devices.emplace_back("none");
  nodes.emplace_back("none");
  std::vector<std::string> settings = scenario::hardware_keys();
  for (std::string& setting : settings) setting += '=';

  Program program{"lutra",
                  LUTRA_VERSION,
                  "accuracy, cycles, energy and resources of low-bit neural networks on a simulated SoC",
                  "A float ONNX network is quantised, compiled for a neural engine and executed by real firmware on a "
                  "simulated RISC-V hart; one run yields accuracy, cycles, energy and on-chip resources. Without a "
                  "scenario 'lutra run' takes the one named embedded, which needs no data.",
                  {},
                  {{"dir", {}, Paths::folders},
                   {"folder", {}, Paths::folders},
                   {"file", {}, Paths::files},
                   {"scenario", scenario::shipped_scenarios(), Paths::files},
                   {"comparison", carried_comparisons(), Paths::files},
                   {"device", devices, Paths::none},
                   {"node", nodes, Paths::none},
                   {"key=value", settings, Paths::none},
                   {"shell", {"bash", "zsh"}, Paths::none}}};
  for (const Command& command : commands())
    program.commands.push_back({command.name, command.summary, command.options()});
  return program;
}

}  // namespace

CommandLine man_options() {
  return CommandLine(
      "man", "Prints the manual page in roff: 'lutra man | man -l -' shows it. Installing puts it in its place.");
}

int man_command(const CommandLine&) {
  terminal::print(terminal::man_page(this_program()));
  return exit_success;
}

CommandLine completion_options() {
  return CommandLine(
      "completion <bash | zsh>",
      "Prints what a shell reads to complete lutra's command line: 'source <(lutra completion bash)' in\n"
      "~/.bashrc. Installing puts both in their places.",
      {"shell"});
}

int completion_command(const CommandLine& options) {
  const std::string shell = options.argument(0);
  if (shell != "bash" && shell != "zsh") throw UsageError("completion: name the shell: bash or zsh");
  terminal::print(shell == "bash" ? terminal::bash_completion(this_program())
                                  : terminal::zsh_completion(this_program()));
  return exit_success;
}

}  // namespace lutra::cli
