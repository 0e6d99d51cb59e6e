#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "software/cli/command.h"
#include "software/common/nearest.h"

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

int dispatch(const Arguments& arguments) {
  if (arguments.empty()) throw UsageError("name a command\n\n" + help());
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help") {
    fmt::print("{}", help());
    return exit_success;
  }
  if (name == "--version") {
    fmt::print("lutra {}\n", LUTRA_VERSION);
    return exit_success;
  }
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    if (name == command.name) return command.run({arguments.begin() + 1, arguments.end()});
    names.emplace_back(command.name);
  }
  const std::string close = nearest(name, names);
  throw UsageError(fmt::format("unknown {} '{}'{}", name.starts_with('-') ? "option" : "command", name,
                               close.empty() ? "; see 'lutra --help'" : fmt::format("; did you mean '{}'?", close)));
}

int fail(const std::string& message, ExitCode code) {
  std::fflush(stdout);
  fmt::print(stderr, "lutra: error: {}\n", message);
  return code;
}

}  // namespace

}  // namespace lutra::cli

int main(int argc, char** argv) {
  using namespace lutra::cli;
  try {
    const int code = dispatch({argv + (argc > 0 ? 1 : 0), argv + argc});
    // A full disk must not pass for success.
    if (std::fflush(stdout) != 0) return fail("the output could not be written", exit_error);
    return code;
  } catch (const UsageError& error) {
    return fail(error.what(), exit_usage);
  } catch (const std::bad_alloc&) {
    return fail("there is not enough memory", exit_error);
  } catch (const std::exception& error) {
    return fail(error.what(), exit_error);
  }
}
