#include <fmt/format.h>

#include <cstdio>
#include <iostream>

#include "models/soc/elf.h"
#include "models/soc/exec.h"
#include "software/cli/command.h"
#include "software/scenario/scenario.h"

namespace lutra::cli {

namespace {

constexpr std::uint64_t most_instructions = std::uint64_t{1} << 62;

// What a shell can see of the program's exit code; never zero where the program failed.
int shell_code(const models::ExecResult& result) {
  constexpr int largest = 255;
  if (result.exit_code == 0) return exit_success;
  return result.exit_code > 0 && result.exit_code <= largest ? result.exit_code : exit_error;
}

}  // namespace

CommandLine exec_options() {
  CommandLine options("exec <program.elf> [options]",
                      "Runs a bare-metal RV32IMAC program on the SoC. It ends through the exit device or the symbol "
                      "'tohost'; its exit\n"
                      "code is passed on.",
                      {"program"});
  options.value("max-instructions", "N", "give up after so many instructions");
  options.value("scenario", "SCENARIO", "take the SoC from this scenario (default: the defaults of its keys)");
  return options;
}

int exec_command(const CommandLine& options) {
  if (options.argument(0).empty()) throw UsageError("exec: name an ELF file");
  const std::uint64_t limit = options.count("max-instructions", 1, most_instructions).value_or(0);
  models::SocConfig soc;
  if (const auto scenario = options.text("scenario")) soc = scenario::load_scenario(*scenario).soc;

  const models::ElfImage image = models::read_elf(options.argument(0));
  const models::ExecResult result = models::exec_elf(soc, image, limit, std::cout);
  std::cout.flush();
  const double mips =
      result.host_seconds > 0 ? static_cast<double>(result.instructions) / result.host_seconds / 1e6 : 0;
  fmt::print("{}\ncycles {}, instructions {}, host {:.1f} MIPS\n", result.message, result.cycles, result.instructions,
             mips);
  return shell_code(result);
}

}  // namespace lutra::cli
