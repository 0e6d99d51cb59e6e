#include "models/soc/exec.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "models/soc/soc.h"
#include "software/common/error.h"

namespace lutra::models {
namespace {

struct Verdict {
  int exit_code;
  std::string message;
};

// The convention of the public conformance tests (riscv-tests, env/p).
Verdict judge(std::uint32_t tohost) {
  if (tohost == 1) return {0, "tohost: passed"};
  if ((tohost & 1) != 0) return {static_cast<int>(tohost >> 1), fmt::format("tohost: test {} failed", tohost >> 1)};
  return {1, fmt::format("tohost: {:#x} asks the host for a system call, which is not served", tohost)};
}

ExecEnd end_of(RunEnd end, HartStopReason reason) {
  if (end == RunEnd::exited) return ExecEnd::exit_device;
  if (end == RunEnd::starved) return ExecEnd::starved;
  return reason == HartStopReason::instruction_limit ? ExecEnd::instruction_limit : ExecEnd::halted;
}

}  // namespace

ExecResult exec_elf(const SocConfig& config, const ElfImage& image, std::uint64_t max_instructions,
                    std::ostream& console) {
  Soc soc("soc", config, &console);
  soc.load(image);
  if (max_instructions != 0) soc.hart().set_max_instructions(max_instructions);
  std::optional<Verdict> verdict;
  if (image.tohost) {
    if (*image.tohost % 4 != 0) throw Error(fmt::format("{}: its symbol tohost is not aligned to 4 bytes", image.name));
    soc.hart().watch_store(*image.tohost, [&](std::uint32_t word) {
      if (word == 0 || verdict) return;
      verdict = judge(word);
      soc.stop(verdict->exit_code);
    });
  }
  const auto started = std::chrono::steady_clock::now();
  const RunResult run = soc.run();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;

  ExecResult result;
  result.cycles = soc.cycle();
  result.instructions = soc.hart().instructions();
  result.host_seconds = elapsed.count();
  result.end = end_of(run.end, soc.hart().stop().reason);
  result.message = run.message;
  if (verdict) {
    result.end = ExecEnd::tohost;
    result.exit_code = verdict->exit_code;
    result.message = verdict->message;
  } else if (run.end == RunEnd::exited) {
    result.exit_code = run.exit_code;
    result.message = fmt::format("exit device: code {}", run.exit_code);
  }
  return result;
}

}  // namespace lutra::models
