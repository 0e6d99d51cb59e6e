#include "software/exploration/search/evaluator.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

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

scenario::Scenario on_node(scenario::Scenario scenario, const Budget& budget) {
  scenario.implementations.asic = node_of(budget, scenario.implementations.asic);
  return scenario;
}

// The frame's input comes over the bus before there is anything to compute, and its output leaves when all is loaded
// and computed.
std::uint64_t least_cycles(const compiler::UnitBounds& units, const models::SocConfig& soc) {
  const std::uint64_t there_and_back = 2 * std::uint64_t{soc.interconnect.latency_cycles};
  return std::max(there_and_back + units.compute, units.load) + there_and_back + prediction::least_software_cycles();
}

// As large as what the program keeps in them.
void fill_sizes(const compiler::Program& program, Design& design) {
  for (const EngineMemory& memory : memories)
    if (design.engine.*memory.bytes == accelerators::largest_buffer_bytes)
      design.engine.*memory.bytes = static_cast<int>(round_up(program.*memory.used, std::uint64_t{memory_step_bytes}));
}

}  // namespace

Evaluator::Evaluator(const scenario::Scenario& scenario, const network::QuantisedNetwork& network,
                     const SearchSpace& space, const Activity& activity, const costs::Tables& tables)
    : scenario_(on_node(scenario, space.budget)),
      network_(network),
      space_(space),
      activity_(activity),
      tables_(tables),
      bound_(network, scenario.normalise_on_hart) {
  soc(scenario.soc.interconnect.width_bytes);
  if (needs_energy(space.minimise)) energy_bound_.emplace(activity, scenario_, tables);
}

Evaluator::Soc& Evaluator::soc(std::uint32_t bus_bytes) {
  const auto [known, added] = socs_.try_emplace(bus_bytes, Soc{scenario_, {}});
  if (added) {
    known->second.scenario.soc.interconnect.width_bytes = bus_bytes;
    known->second.within = within(space_.budget, known->second.scenario, tables_);
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

std::optional<double> Evaluator::bound(const Design& smallest) {
  try {
    const auto family = accelerators::make_family(smallest.engine);
    const auto units = bound_.cycles(smallest.engine, *family);
    if (!units) return std::nullopt;
    const std::uint64_t cycles = least_cycles(*units, scenario_.soc);
    FrameCost frame{static_cast<double>(cycles), 0};
    if (energy_bound_)
      frame.microjoules =
          energy_bound_->microjoules(*bound_.tiles(smallest.engine, *family), cycles, with(scenario_, smallest));
    return frame.of(space_.minimise);
  } catch (const Error& error) {  // no such engine can be built
    refusal_ = error.what();
    return std::nullopt;
  }
}

std::optional<Evaluated> Evaluator::evaluate(const Design& design) {
  const std::string key = fmt::format("{}", fmt::join(settings(design, space_.budget), " "));
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
  const auto share = energy_bound_ ? std::optional(activity_.share) : std::nullopt;
  const auto predicted = prediction::predict_frame(program.image, soc(design.bus_bytes).scenario.soc, design.engine,
                                                   *accelerators::make_family(design.engine), share);
  FrameCost frame{static_cast<double>(predicted.cycles), 0};
  if (share) frame.microjoules = frame_microjoules(predicted, activity_, with(scenario_, design), tables_);
  return Evaluated{std::move(design), predicted.hart_operations, frame, frame.of(space_.minimise)};
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
