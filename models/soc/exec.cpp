#include "models/soc/exec.h"

#include <fmt/format.h>

#include <chrono>
#include <cstring>
#include <span>

#include "models/soc/host_calls.h"
#include "models/soc/reports.h"
#include "models/soc/soc.h"
#include "software/common/error.h"

namespace lutra::models {
namespace {

constexpr std::uint32_t word_bytes = 4;

ExecEnd end_of(RunEnd end, HartStopReason reason) {
  switch (end) {
    case RunEnd::exited:
      return ExecEnd::exit_device;
    case RunEnd::starved:
      return ExecEnd::starved;
    case RunEnd::interrupted:
      return ExecEnd::interrupted;
    case RunEnd::stopped:
      break;
  }
  return reason == HartStopReason::instruction_limit ? ExecEnd::instruction_limit : ExecEnd::halted;
}

// The bytes between the symbols. Throws Error where there are none.
std::span<const std::uint8_t> signature_of(const ElfImage& image, Soc& soc) {
  if (!image.begin_signature || !image.end_signature)
    throw Error(fmt::format("{}: has no symbols begin_signature and end_signature, between which its signature lies",
                            image.name));
  const std::uint32_t begin = *image.begin_signature, end = *image.end_signature;
  if (begin % word_bytes != 0 || end % word_bytes != 0 || end <= begin)
    throw Error(
        fmt::format("{}: its signature from {:#x} to {:#x} is no range of 32-bit words", image.name, begin, end));
  try {
    return soc.memory(begin, end - begin);
  } catch (const Error& error) {
    throw Error(fmt::format("{}: its signature: {}", image.name, error.what()));
  }
}

std::vector<std::uint32_t> words_of(std::span<const std::uint8_t> bytes) {
  std::vector<std::uint32_t> words(bytes.size() / word_bytes);
  if (!words.empty()) std::memcpy(words.data(), bytes.data(), bytes.size());
  return words;
}

ExecResult run(Soc& soc, const HostCalls& calls, const ExecOptions& options) {
  const auto started = std::chrono::steady_clock::now();
  const RunResult run = soc.run(options.goes_on);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;

  ExecResult result;
  result.host_seconds = elapsed.count();
  result.end = end_of(run.end, soc.hart().stop().reason);
  result.message = run.message;
  if (run.end == RunEnd::interrupted)
    result.message += fmt::format(" after {} instructions{}", soc.hart().instructions(), soc.hart().last_trap());
  if (calls.verdict()) {
    result.end = calls.verdict()->end;
    result.exit_code = calls.verdict()->exit_code;
    result.message = calls.verdict()->message;
  } else if (run.end == RunEnd::exited) {
    result.exit_code = run.exit_code;
    result.message = fmt::format("exit device: code {}", run.exit_code);
  }
  return result;
}

void read_state(Soc& soc, ExecResult& result) {
  result.cycles = soc.cycle();
  result.instructions = soc.hart().instructions();
  result.pc = soc.hart().pc();
  for (unsigned i = 0; i < result.registers.size(); ++i) result.registers[i] = soc.hart().x(i);
  result.counters = soc.statistics().counters();
  result.counts = soc.statistics().snapshot();
}

ExecResult build_and_run(const SocConfig& config, const ElfImage& image, const ExecOptions& options,
                         std::ostream& console) {
  Soc soc("soc", config, &console);
  const std::shared_ptr<void> attached = options.attach ? options.attach(soc) : nullptr;
  soc.load(image);
  if (options.max_instructions != 0) soc.hart().set_max_instructions(options.max_instructions);
  std::span<const std::uint8_t> signature;
  if (options.signature) signature = signature_of(image, soc);
  const HostCalls calls(soc, image, console);
  ExecResult result = run(soc, calls, options);
  read_state(soc, result);
  if (is_own_end(result.end)) result.signature = words_of(signature);
  return result;
}

}  // namespace

ExecResult exec_elf(const SocConfig& config, const ElfImage& image, const ExecOptions& options, std::ostream& console) {
  return reports_as_errors([&] { return build_and_run(config, image, options, console); });
}

}  // namespace lutra::models
