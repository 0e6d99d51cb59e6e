#include <fmt/format.h>
#include <fmt/ranges.h>

#include "accelerators/family/family.h"
#include "software/cli/command.h"
#include "software/common/terminal/output.h"
#include "software/quantization/scheme.h"
#include "software/scenario/knob_table.h"

namespace lutra::cli {

CommandLine schemes_options() {
  return CommandLine(
      "schemes",
      "Lists the quantisation schemes a scenario's 'scheme.name' may name: the bits of their weights, and "
      "their own 'scheme.parameters', the default first.");
}

int schemes_command(const CommandLine&) {
  for (const quantization::Scheme* scheme : quantization::schemes()) {
    const auto [lowest, highest] = scheme->weight_widths();
    const std::string widths = lowest == highest ? fmt::format("{}", lowest) : fmt::format("{}-{}", lowest, highest);
    terminal::print(fmt::format("{:<12} {:<3} {}\n", scheme->name(), widths, scheme->summary()));
    for (const quantization::Parameter& parameter : scheme->parameters())
      terminal::print(fmt::format("{:<16} parameters.{}: {} ({})\n", "", parameter.name,
                                  fmt::join(parameter.choices, ", "), parameter.meaning));
  }
  return exit_success;
}

CommandLine engines_options() {
  return CommandLine("engines", "Lists the engine families a scenario's 'engine.family' may name.");
}

int engines_command(const CommandLine&) {
  accelerators::EngineConfig base;
  base.lanes = 4;
  for (const accelerators::EngineConfig& engine : accelerators::preset_engines(base)) {
    std::string knobs;
    for (const auto& [option, value] : engine.options)
      knobs += fmt::format("{}{}: {}", knobs.empty() ? "" : ", ", option, value);
    terminal::print(fmt::format("{:<12} {:<13} {}{}\n", engine.family, engine.variant,
                                accelerators::make_family(engine)->summary(),
                                knobs.empty() ? "" : fmt::format(" (options: {})", knobs)));
  }
  return exit_success;
}

CommandLine keys_options() {
  return CommandLine(
      "keys",
      "Prints the keys of a scenario's 'engine', 'memory', 'soc' and 'run', with what they accept and their defaults.");
}

int keys_command(const CommandLine&) {
  terminal::print(fmt::format("network.dataset\n\n{}\nengine\n\n{}\nmemory\n\n{}\nsoc\n\n{}\nrun\n\n{}",
                              scenario::dataset_key_table(), scenario::engine_key_table(), scenario::memory_key_table(),
                              scenario::soc_key_table(), scenario::run_key_table()));
  return exit_success;
}

}  // namespace lutra::cli
