#include "software/exploration/search/evaluator.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "accelerators/family/engine_knobs.h"
#include "accelerators/family/family.h"
#include "software/common/arithmetic.h"
#include "software/common/error.h"
#include "software/exploration/point/memory_sizes.h"
#include "software/exploration/point/predict.h"
#include "software/prediction/predict.h"

namespace lutra::exploration {

namespace {

constexpr EngineMemory memories[] = {weight_memory, map_memory, command_memory};

Design without_growing_memories(Design design) {
  for (const EngineMemory& memory : memories)
    if (design.engine.*memory.bytes == accelerators::largest_buffer_bytes) design.engine.*memory.bytes = 0;
  return design;
}

// As large as what the program keeps in them.
void fill_sizes(const compiler::Program& program, Design& design) {
  for (const EngineMemory& memory : memories)
    if (design.engine.*memory.bytes == accelerators::largest_buffer_bytes)
      design.engine.*memory.bytes = static_cast<int>(round_up(program.*memory.used, std::uint64_t{memory_step_bytes}));
}

}  // namespace

Evaluator::Evaluator(const scenario::Scenario& scenario, const network::QuantisedNetwork& network, const Budget& budget,
                     const costs::Tables& tables)
    : scenario_(scenario),
      network_(network),
      budget_(budget),
      tables_(tables),
      bound_(network, scenario.normalise_on_hart) {
  soc(scenario.soc.interconnect.width_bytes);
}

Evaluator::Soc& Evaluator::soc(std::uint32_t bus_bytes) {
  const auto [known, added] = socs_.try_emplace(bus_bytes, Soc{scenario_, {}});
  if (added) {
    known->second.scenario.soc.interconnect.width_bytes = bus_bytes;
    known->second.within = within(budget_, known->second.scenario, tables_);
  }
  return known->second;
}

bool Evaluator::fits(const Design& design) {
  ++effort_.priced;
  try {
    return soc(design.bus_bytes).within(design.engine);
  } catch (const Error& error) {
    refusal_ = error.what();
    return false;
  }
}

std::optional<std::uint64_t> Evaluator::bound(const Design& design) {
  try {
    const auto array = bound_.cycles(design.engine, *accelerators::make_family(design.engine));
    if (!array) return std::nullopt;
    return *array + prediction::least_software_cycles();
  } catch (const Error& error) {  // no such engine can be built
    refusal_ = error.what();
    return std::nullopt;
  }
}

std::optional<Evaluated> Evaluator::evaluate(const Design& design) {
  const std::string key = fmt::format("{}", fmt::join(settings(design, budget_), " "));
  if (const auto found = known_.find(key); found != known_.end()) return found->second;
  std::optional<Evaluated> evaluated;
  try {
    evaluated = predict(design);
  } catch (const Error& error) {
    refusal_ = error.what();
  }
  return known_[key] = std::move(evaluated);
}

std::optional<Evaluated> Evaluator::predict(Design design) {
  if (!fits(without_growing_memories(design))) return std::nullopt;
  const compiler::Program program = compile(design);
  fill_sizes(program, design);
  if (!fits(design)) return std::nullopt;
  const auto predicted = prediction::predict_frame(program.image, soc(design.bus_bytes).scenario.soc, design.engine,
                                                   *accelerators::make_family(design.engine));
  return Evaluated{std::move(design), predicted.hart_operations, predicted.cycles};
}

std::optional<Design> Evaluator::sized(const Design& design) {
  try {
    Design filled = design;
    fill_sizes(compile(design), filled);
    return filled;
  } catch (const Error& error) {
    refusal_ = error.what();
    return std::nullopt;
  }
}

compiler::Program Evaluator::compile(const Design& design) {
  ++effort_.compiled;
  return outline_for(with(scenario_, design), network_);
}

}  // namespace lutra::exploration
