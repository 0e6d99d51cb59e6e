#include <fmt/format.h>

#include <string>
#include <vector>

#include "software/cli/command.h"
#include "software/common/nearest.h"
#include "software/common/terminal/output.h"
#include "software/common/terminal/run_main.h"

// SystemC's library has a main() that calls this; ours comes first, so nothing does.
extern "C" int sc_main(int, char**) { return 0; }

#ifdef __SANITIZE_ADDRESS__
// SystemC keeps a payload to the end, and the leak checker stumbles over the guard pages of its coroutine stacks.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }
#endif

namespace lutra::cli {

namespace {

std::string help() {
  std::string text = "usage: lutra <command> [arguments]\n\ncommands:\n";
  for (const Command& command : commands()) text += fmt::format("  {:<10} {}\n", command.name, command.summary);
  return text + "\n'lutra <command> --help' tells more; 'lutra --version' prints the version.\n";
}

int execute(const Command& command, const Arguments& arguments) {
  CommandLine options = command.options();
  return options.parse(arguments) ? command.run(options) : exit_success;
}

int dispatch(const Arguments& arguments) {
  if (arguments.empty()) throw UsageError("name a command\n\n" + help());
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help") {
    terminal::print(help());
    return exit_success;
  }
  if (name == "--version") {
    terminal::print(fmt::format("lutra {}\n", LUTRA_VERSION));
    return exit_success;
  }
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    if (name == command.name) return execute(command, {arguments.begin() + 1, arguments.end()});
    names.emplace_back(command.name);
  }
  const std::string close = nearest(name, names);
  throw UsageError(fmt::format("unknown {} '{}'{}", name.starts_with('-') ? "option" : "command", name,
                               close.empty() ? "; see 'lutra --help'" : fmt::format("; did you mean '{}'?", close)));
}

}  // namespace

}  // namespace lutra::cli

int main(int argc, char** argv) { return lutra::terminal::run_main(argc, argv, lutra::cli::dispatch); }
