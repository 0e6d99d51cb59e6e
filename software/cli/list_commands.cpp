#include <fmt/format.h>

#include "accelerators/family/family.h"
#include "software/cli/options.h"
#include "software/quantization/scheme.h"

namespace lutra::cli {

int schemes_command(const Arguments& arguments) {
  Options options("schemes", "Lists the quantisation schemes a scenario's 'scheme.name' may name.");
  if (!options.parse(arguments)) return exit_success;
  for (const quantization::Scheme* scheme : quantization::schemes())
    fmt::print("{:<12} {}\n", scheme->name(), scheme->summary());
  return exit_success;
}

int engines_command(const Arguments& arguments) {
  Options options("engines", "Lists the engine families a scenario's 'engine.family' may name.");
  if (!options.parse(arguments)) return exit_success;
  for (const std::string& name : accelerators::family_names()) {
    accelerators::EngineConfig config;
    config.family = name;
    fmt::print("{:<12} {}\n", name, accelerators::make_family(config)->summary());
  }
  return exit_success;
}

}  // namespace lutra::cli
