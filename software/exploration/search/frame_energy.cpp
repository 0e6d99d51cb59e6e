#include "software/exploration/search/frame_energy.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "accelerators/family/family.h"
#include "accelerators/family/timing.h"
#include "software/common/error.h"
#include "software/costs/price_list.h"
#include "software/exploration/point/predict.h"
#include "software/exploration/point/price.h"

namespace lutra::exploration {

namespace {

constexpr const char* array_component = "engine.array";

double microjoules_of(const scenario::Scenario& scenario, const std::vector<costs::CountedLayer>& layers,
                      const costs::Tables& tables, const std::string& component = "") {
  const auto energy = price_frame({scenario.soc, scenario.engine, scenario.implementations}, layers, tables);
  if (!energy) throw Error(fmt::format("{}: energy needs a node: implementations.asic", scenario.file));
  costs::Femtojoules sum = 0;
  for (const costs::EnergyLine& line : energy->lines)
    if (component.empty() || (line.component == component && line.event != "leakage")) sum += line.energy;
  return result::microjoules(sum);
}

bool is_predicted(const std::string& component) {
  return component.starts_with("engine.") || component == "interconnect" || component == "dram" ||
         component == "main_memory";
}

std::vector<costs::EventCount> counted(const prediction::Prediction& predicted) {
  std::vector<costs::EventCount> events;
  for (const auto& [component, event, count] : predicted.events) events.push_back({component, event, count});
  return events;
}

// Of an operation, the fewest that any of its choices counts.
class LeastWork {
 public:
  LeastWork(const accelerators::Family& family, double share) : family_(family), share_(share) {}

  void add(const compiler::TileChoices& choices) {
    accelerators::TileWork least;
    for (const std::vector<lutra_tile>& tiles : choices) {
      const accelerators::TileWork work = of(tiles);
      const bool first = &tiles == &choices.front();
      const auto take = [&](std::uint64_t& value, std::uint64_t other) {
        value = first ? other : std::min(value, other);
      };
      least.event_counts.resize(work.event_counts.size());
      for (std::size_t i = 0; i < work.event_counts.size(); ++i) take(least.event_counts[i], work.event_counts[i]);
      take(least.activation_read_bytes, work.activation_read_bytes);
      take(least.weight_read_bytes, work.weight_read_bytes);
    }
    sum(least, total_);
  }

  std::vector<costs::EventCount> events() const {
    std::vector<costs::EventCount> events;
    const std::vector<accelerators::EventInfo> names = family_.events();
    for (std::size_t i = 0; i < total_.event_counts.size(); ++i)
      events.push_back({array_component, names[i].event, total_.event_counts[i]});
    events.push_back({"engine.activation_buffer", "read_bytes", total_.activation_read_bytes});
    events.push_back({"engine.weight_buffer", "read_bytes", total_.weight_read_bytes});
    return events;
  }

 private:
  static void sum(const accelerators::TileWork& work, accelerators::TileWork& total) {
    total.event_counts.resize(std::max(total.event_counts.size(), work.event_counts.size()));
    for (std::size_t i = 0; i < work.event_counts.size(); ++i) total.event_counts[i] += work.event_counts[i];
    total.activation_read_bytes += work.activation_read_bytes;
    total.weight_read_bytes += work.weight_read_bytes;
  }

  // Nothing of tiles whose words may be skipped.
  accelerators::TileWork of(const std::vector<lutra_tile>& tiles) const {
    accelerators::TileWork total;
    for (const lutra_tile& tile : tiles) {
      const accelerators::MatrixTile matrix = accelerators::matrix_tile(tile);
      if (family_.least_cycles(matrix, true) == family_.cycles(matrix, true))
        sum(family_.expected(matrix, share_), total);
    }
    return total;
  }

  const accelerators::Family& family_;
  double share_;
  accelerators::TileWork total_;
};

}  // namespace

Activity activity_of(const result::Result& result, const scenario::Scenario& scenario,
                     const network::QuantisedNetwork& network, const costs::Tables& tables) {
  if (!result.energy) throw Error(fmt::format("{}: energy needs a node: implementations.asic", scenario.file));
  if (!result.engine) throw Error(fmt::format("{}: there is no engine to choose a shape for", scenario.name));
  Activity activity;
  double measured = 0;
  for (const costs::EnergyLine& line : result.energy->lines)
    if (line.component == array_component && line.event != "leakage") measured += result::microjoules(line.energy);
  for (const result::LayerFacts& layer : result.layers)
    for (const costs::EventCount& event : layer.counters)
      if (!is_predicted(event.component)) activity.others.push_back(event);

  scenario::Scenario same = scenario;
  same.engine = result.engine;
  same.memory = result.memory_use;
  const compiler::Program program = outline_for(same, network);
  const auto family = accelerators::make_family(*same.engine);
  const auto at = [&](double share) {
    const auto predicted = prediction::predict_frame(program.image, same.soc, *same.engine, *family, share);
    return microjoules_of(same, {{predicted.cycles, counted(predicted)}}, tables, array_component);
  };
  const double none = at(0);
  const double all = at(1);
  activity.share = all == none ? 1 : std::clamp((measured - none) / (all - none), 0.0, 1.0);
  return activity;
}

double frame_microjoules(const prediction::Prediction& predicted, const Activity& activity,
                         const scenario::Scenario& scenario, const costs::Tables& tables) {
  std::vector<costs::EventCount> events = counted(predicted);
  events.insert(events.end(), activity.others.begin(), activity.others.end());
  return microjoules_of(scenario, {{predicted.cycles, std::move(events)}}, tables);
}

EnergyBound::EnergyBound(const Activity& activity, const scenario::Scenario& scenario, const costs::Tables& tables)
    : activity_(activity), tables_(tables), idle_(prediction::idle_memory(scenario.soc)) {
  if (idle_.clocks_per_cycle == 0) return;
  const costs::AsicTarget& target = costs::find_target(tables, scenario.implementations.asic);
  const costs::PriceList prices(costs::energy_tables(target, scenario.soc.main_memory.kind, ""),
                                costs::pricing_context(scenario.soc, std::nullopt));
  double least = std::numeric_limits<double>::max();
  for (const char* state : {"active_standby", "precharge_standby", "active_power_down", "precharge_power_down"}) {
    const auto price = prices.find("dram", state);
    const double picojoules = price ? price->pj : 0;
    if (picojoules >= least) continue;
    least = picojoules;
    rest_ = state;
  }
}

double EnergyBound::microjoules(const std::vector<compiler::TileChoices>& operations, std::uint64_t cycles,
                                const scenario::Scenario& smallest) const {
  const auto family = accelerators::make_family(*smallest.engine);
  LeastWork work(*family, activity_.share);
  for (const compiler::TileChoices& choices : operations) work.add(choices);
  std::vector<costs::EventCount> events = work.events();
  events.insert(events.end(), activity_.others.begin(), activity_.others.end());
  if (!rest_.empty()) {
    const auto times = [&](double per_cycle) {
      return static_cast<std::uint64_t>(per_cycle * static_cast<double>(cycles));
    };
    events.push_back({"dram", rest_, times(idle_.clocks_per_cycle)});
    events.push_back({"dram", "refresh", times(idle_.refreshes_per_cycle)});
  }
  return microjoules_of(smallest, {{cycles, std::move(events)}}, tables_);
}

}  // namespace lutra::exploration
