#include "software/exploration/point/predict.h"

#include <fmt/format.h>

#include "accelerators/family/family.h"
#include "software/common/error.h"

namespace lutra::exploration {

namespace {

compiler::Program compiled(const scenario::Scenario& scenario, const std::optional<accelerators::EngineConfig>& engine,
                           const network::QuantisedNetwork& network, bool outline) {
  compiler::CompileOptions options;
  options.outline = outline;
  options.allow_cpu_fallback = scenario.cpu_fallback;
  options.normalise_on_hart = scenario.normalise_on_hart;
  options.main_memory_bytes = scenario.soc.main_memory.bytes;
  options.memory = scenario.memory;
  const auto family = engine ? accelerators::make_family(*engine) : nullptr;
  try {
    return compiler::compile(network, engine.value_or(accelerators::EngineConfig{}), family.get(), options);
  } catch (const compiler::NoRoom& error) {
    throw compiler::NoRoom(fmt::format("{}: {}", scenario.file, error.what()));
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", scenario.file, error.what()));
  }
}

}  // namespace

compiler::Program compile_for(const scenario::Scenario& scenario,
                              const std::optional<accelerators::EngineConfig>& engine,
                              const network::QuantisedNetwork& network) {
  return compiled(scenario, engine, network, false);
}

compiler::Program outline_for(const scenario::Scenario& scenario, const network::QuantisedNetwork& network) {
  return compiled(scenario, scenario.engine, network, true);
}

std::uint64_t predicted_cycles(const scenario::Scenario& scenario, const accelerators::EngineConfig& engine,
                               const network::QuantisedNetwork& network) {
  std::uint64_t cycles = 0;
  for (const compiler::OpPlan& op : compile_for(scenario, engine, network).ops) cycles += op.array_cycles;
  return cycles;
}

}  // namespace lutra::exploration
