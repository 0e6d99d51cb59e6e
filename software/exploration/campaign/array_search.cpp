#include "software/exploration/campaign/array_search.h"

#include <fmt/format.h>

#include <algorithm>

#include "accelerators/engine/structure.h"
#include "accelerators/family/family.h"
#include "software/common/error.h"
#include "software/costs/resources.h"
#include "software/costs/soc_structure.h"
#include "software/exploration/point/predict.h"

namespace lutra::exploration {

namespace {

using accelerators::EngineConfig;

class Search {
 public:
  Search(const scenario::Scenario& scenario, const network::QuantisedNetwork& network, const SearchSpace& space,
         const costs::Tables& tables)
      : scenario_(scenario),
        network_(network),
        space_(space),
        device_(costs::usable_device(tables, space.device, static_cast<int>(space.cap_percent))),
        blocks_(costs::blocks_of(scenario.soc, tables.soc_blocks, needs_soft_controller())),
        soc_(costs::soc_memories(scenario.soc)) {
    const accelerators::Structure paths = costs::wide_data_paths(scenario.soc, true);
    soc_.insert(soc_.end(), paths.begin(), paths.end());
  }

  std::vector<ArrayChoice> run(std::size_t count) {
    std::vector<EngineConfig> fitting = candidates();
    // More lanes cannot take more cycles, so that the largest arrays are compiled first, and what is half as large as
    // one that runs cannot beat it.
    std::stable_sort(fitting.begin(), fitting.end(),
                     [](const EngineConfig& a, const EngineConfig& b) { return size(a) > size(b); });
    std::vector<ArrayChoice> choices;
    for (const EngineConfig& engine : fitting) {
      if (compiled_ >= most_compiled && !choices.empty()) break;
      ++compiled_;
      try {
        choices.push_back({engine, predicted_cycles(scenario_, engine, network_)});
      } catch (const Error& error) {
        refusal_ = error.what();
      }
    }
    if (choices.empty())
      throw Error(fmt::format("{}: no {} engine within {:g} % of {} computes the network{}", scenario_.name,
                              scenario_.engine->family, space_.cap_percent, device_.name,
                              refusal_.empty() ? "; the smallest array is too large" : ": " + refusal_));
    std::stable_sort(choices.begin(), choices.end(), [](const ArrayChoice& a, const ArrayChoice& b) {
      return a.predicted_cycles < b.predicted_cycles;
    });
    if (choices.size() > count) choices.resize(count);
    return choices;
  }

 private:
  static constexpr std::size_t most_compiled = 96;

  static std::int64_t size(const EngineConfig& engine) {
    return std::int64_t{engine.rows} * engine.columns * engine.lanes;
  }

  bool needs_soft_controller() const {
    const auto& hard = device_.hard_memories;
    return std::find(hard.begin(), hard.end(), scenario_.soc.main_memory.kind) == hard.end();
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
    try {
      const auto family = accelerators::make_family(engine);
      accelerators::Structure structure = accelerators::engine_structure(engine, *family);
      structure.insert(structure.end(), soc_.begin(), soc_.end());
      const costs::FpgaResources cells = costs::pack(structure, blocks_, device_);
      return cells.lut_used_percent <= space_.cap_percent && cells.ff_used_percent <= space_.cap_percent &&
             cells.dsp_used_percent <= space_.cap_percent && cells.bram_used_percent <= space_.cap_percent;
    } catch (const Error& error) {
      refusal_ = error.what();
      return false;
    }
  }

  const scenario::Scenario& scenario_;
  const network::QuantisedNetwork& network_;
  const SearchSpace& space_;
  const costs::Device device_;
  const std::vector<costs::SocBlock> blocks_;
  accelerators::Structure soc_;  // its memories and data paths
  std::size_t compiled_ = 0;
  std::string refusal_;
};

}  // namespace

std::vector<ArrayChoice> search_arrays(const scenario::Scenario& scenario, const network::QuantisedNetwork& network,
                                       const SearchSpace& space, std::size_t count, const costs::Tables& tables) {
  if (!scenario.engine) throw Error(fmt::format("{}: there is no engine to choose a shape for", scenario.name));
  return Search(scenario, network, space, tables).run(count);
}

}  // namespace lutra::exploration
