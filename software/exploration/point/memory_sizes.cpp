#include "software/exploration/point/memory_sizes.h"

#include "accelerators/family/engine_knobs.h"
#include "software/common/arithmetic.h"
#include "software/exploration/point/predict.h"
#include "software/exploration/point/price.h"

namespace lutra::exploration {

namespace {

using accelerators::EngineConfig;

class Sizing {
 public:
  Sizing(const scenario::Scenario& scenario, const network::QuantisedNetwork& network, const costs::Tables& tables)
      : scenario_(scenario), network_(network), tables_(tables) {}

  // The engine with as much of the memory as the network takes of it or the device has left.
  EngineConfig size(EngineConfig engine, const EngineMemory& memory) const {
    EngineConfig largest = engine;
    largest.*memory.bytes = accelerators::largest_buffer_bytes;
    const std::uint64_t needed = compile_for(scenario_, largest, network_).*memory.used;
    int most = static_cast<int>(divide_up(needed, std::uint64_t{memory_step_bytes})) + 1;  // the first that is too many
    int least = 0;
    const auto fits = [&](int steps) {
      EngineConfig with = engine;
      with.*memory.bytes = steps * memory_step_bytes;
      const auto cells = price_resources({scenario_.soc, with, scenario_.implementations}, tables_);
      return !cells || cells->fits;
    };
    if (fits(most - 1)) least = most - 1;
    while (most - least > 1) {
      const int middle = least + (most - least) / 2;
      (fits(middle) ? least : most) = middle;
    }
    engine.*memory.bytes = least * memory_step_bytes;
    return engine;
  }

 private:
  const scenario::Scenario& scenario_;
  const network::QuantisedNetwork& network_;
  const costs::Tables& tables_;
};

}  // namespace

EngineConfig with_memory_sizes(const scenario::Scenario& scenario, const network::QuantisedNetwork& network,
                               const costs::Tables& tables) {
  EngineConfig engine = scenario.engine.value();
  const accelerators::MemoryUse& use = scenario.memory;
  const Sizing sizing(scenario, network, tables);
  if (use.activations == accelerators::MapPlace::automatic && engine.map_memory_bytes == 0)
    engine = sizing.size(engine, map_memory);
  if (use.weights == accelerators::WeightPlace::automatic && engine.weight_memory_bytes == 0)
    engine = sizing.size(engine, weight_memory);
  return engine;
}

}  // namespace lutra::exploration
