#include <fmt/format.h>

#include <cstdio>

#include "models/soc/elf.h"
#include "software/cli/shared_options.h"
#include "software/common/error.h"
#include "software/common/files.h"
#include "software/common/process/interrupt_watch.h"
#include "software/common/terminal/live_output.h"
#include "software/common/terminal/output.h"
#include "software/simulation/exec.h"

namespace lutra::cli {

namespace {

constexpr std::uint64_t most_instructions = std::uint64_t{1} << 62;

// What a shell can see of the program's exit code; never zero where the program failed.
int shell_code(const models::ExecResult& result) {
  constexpr int largest = 255;
  if (result.exit_code == 0) return exit_success;
  return result.exit_code > 0 && result.exit_code <= largest ? result.exit_code : exit_error;
}

void write_signature(const std::filesystem::path& file, const models::ExecResult& result) {
  if (models::is_own_end(result.end))
    write_file(file, simulation::signature_text(result));
  else
    terminal::say(fmt::format("lutra: {} is not written: the program did not end itself\n", file.string()));
}

void print_costs(const models::ExecResult& result) {
  const double mips =
      result.host_seconds > 0 ? static_cast<double>(result.instructions) / result.host_seconds / 1e6 : 0;
  terminal::say(fmt::format("cycles {}, instructions {}, host {:.2f} seconds, {:.1f} MIPS\n", result.cycles,
                            result.instructions, result.host_seconds, mips));
}

// Says how the run ended, and gives the exit code. Throws Error where the program could not end itself.
int report(const models::ExecResult& result) {
  if (models::is_own_end(result.end)) terminal::say(fmt::format("{}\n", result.message));
  print_costs(result);
  if (models::is_own_end(result.end)) return shell_code(result);
  if (result.end != models::ExecEnd::interrupted) throw Error(result.message);
  terminal::say(fmt::format("lutra: {}\n", result.message));
  return exit_interrupted;
}

}  // namespace

CommandLine exec_options() {
  CommandLine options("exec <program.elf> [options]",
                      "Runs a bare-metal RV32IMAC program on the SoC. Its output is standard output, its exit code is "
                      "passed on.\n"
                      "It ends through the exit device, the symbol 'tohost' or an exit call "
                      "(software/runtime/bare_metal.md).",
                      {"program"});
  options.value("scenario", "SCENARIO",
                "take SoC and engine from this scenario, or from a file that holds no more than them (default: the "
                "defaults of the keys of soc, and no engine)");
  options.repeated("set", "KEY=VALUE", "another value for a key of it, as soc.clock_mhz=100; may be repeated");
  options.value("max-instructions", "N", "give up after so many instructions");
  options.value("result", "FILE", "write how it ended, cycles, registers and all counters as JSON");
  options.value("signature", "FILE",
                "write the words from begin_signature to end_signature, as the public conformance tests compare them");
  return options;
}

int exec_command(const CommandLine& options) {
  const std::string program = options.argument(0);
  if (program.empty()) throw UsageError("exec: name an ELF file");
  const auto result_file = options.path("result"), signature_file = options.path("signature");
  models::ExecOptions how;
  how.max_instructions = options.count("max-instructions", 1, most_instructions).value_or(0);
  how.signature = signature_file.has_value();

  const scenario::Hardware hardware = scenario::load_hardware(options.text("scenario"), chosen_settings(options));
  const models::ElfImage image = models::read_elf(program);
  for (const auto& file : {result_file, signature_file})
    if (file) require_writable(file->parent_path());

  terminal::LiveOutput output;
  const InterruptWatch interrupts;
  how.goes_on = [&] {
    output.flush();
    return !interrupts.came();
  };
  const models::ExecResult result = simulation::exec(hardware.soc, hardware.engine, image, how, output.stream());
  output.flush();
  if (signature_file) write_signature(*signature_file, result);
  if (result_file) write_file(*result_file, simulation::to_json(result, program, hardware.soc));
  const int code = report(result);
  output.require_written();
  return code;
}

}  // namespace lutra::cli
