#include "software/exploration/campaign/array_search.h"

#include <fmt/format.h>

#include <algorithm>

#include "software/common/error.h"
#include "software/exploration/point/predict.h"

namespace lutra::exploration {

namespace {

using accelerators::EngineConfig;

class Search {
 public:
  Search(const scenario::Scenario& scenario, const network::QuantisedNetwork& network, const SearchSpace& space,
         const costs::Tables& tables)
      : scenario_(scenario), network_(network), space_(space), within_(within(space.budget, scenario, tables)) {}

  ArrayChoices run(std::size_t count) {
    std::vector<EngineConfig> fitting = candidates();
    // More lanes cannot take more cycles, so that the largest arrays are compiled first, and what is half as large as
    // one that runs cannot beat it.
    std::stable_sort(fitting.begin(), fitting.end(),
                     [](const EngineConfig& a, const EngineConfig& b) { return size(a) > size(b); });
    std::vector<ArrayChoice> choices;
    for (const EngineConfig& engine : fitting) {
      if (effort_.compiled >= most_compiled && !choices.empty()) break;
      ++effort_.compiled;
      try {
        choices.push_back({engine, predicted_cycles(scenario_, engine, network_)});
      } catch (const Error& error) {
        refusal_ = error.what();
      }
    }
    if (choices.empty())
      throw Error(fmt::format("{}: no {} engine within {} computes the network{}", scenario_.name,
                              scenario_.engine->family, text(space_.budget),
                              refusal_.empty() ? "; the smallest array is too large" : ": " + refusal_));
    std::stable_sort(choices.begin(), choices.end(), [](const ArrayChoice& a, const ArrayChoice& b) {
      return a.predicted_cycles < b.predicted_cycles;
    });
    if (choices.size() > count) choices.resize(count);
    return {choices, effort_};
  }

 private:
  static constexpr std::size_t most_compiled = 96;

  static std::int64_t size(const EngineConfig& engine) {
    return std::int64_t{engine.rows} * engine.columns * engine.lanes;
  }

  std::vector<EngineConfig> candidates() {
    std::vector<EngineConfig> fitting;
    for (const int rows : space_.rows)
      for (const int columns : space_.columns)
        for (const int lanes : space_.lanes)
          if (const auto best = best_shell(rows, columns, lanes)) fitting.push_back(*best);
    return fitting;
  }

  // The most post lanes and the largest buffers with which the array fits.
  std::optional<EngineConfig> best_shell(int rows, int columns, int lanes) {
    EngineConfig engine = *scenario_.engine;
    engine.rows = rows;
    engine.columns = columns;
    engine.lanes = lanes;
    std::vector<int> post_lanes = space_.post_lanes;
    std::sort(post_lanes.rbegin(), post_lanes.rend());
    for (const int lanes_of_post : post_lanes)
      for (const int divisor : space_.buffer_divisors) {
        engine.post_lanes = lanes_of_post;
        shrink_buffers(engine, divisor);
        if (fits(engine)) return engine;
      }
    return std::nullopt;
  }

  void shrink_buffers(EngineConfig& engine, int divisor) const {
    const EngineConfig& whole = *scenario_.engine;
    engine.activation_buffer_bytes = whole.activation_buffer_bytes / divisor;
    engine.weight_buffer_bytes = whole.weight_buffer_bytes / divisor;
    engine.skip_buffer_bytes = whole.skip_buffer_bytes / divisor;
    engine.output_buffer_bytes = whole.output_buffer_bytes / divisor;
    engine.accumulator_buffer_bytes = whole.accumulator_buffer_bytes / divisor;
  }

  bool fits(const EngineConfig& engine) {
    ++effort_.priced;
    try {
      return within_(engine);
    } catch (const Error& error) {
      refusal_ = error.what();
      return false;
    }
  }

  const scenario::Scenario& scenario_;
  const network::QuantisedNetwork& network_;
  const SearchSpace& space_;
  const WithinBudget within_;
  SearchEffort effort_;
  std::string refusal_;
};

}  // namespace

ArrayChoices search_arrays(const scenario::Scenario& scenario, const network::QuantisedNetwork& network,
                           const SearchSpace& space, std::size_t count, const costs::Tables& tables) {
  if (!scenario.engine) throw Error(fmt::format("{}: there is no engine to choose a shape for", scenario.name));
  return Search(scenario, network, space, tables).run(count);
}

}  // namespace lutra::exploration
