#include "software/exploration/point/weight_memory.h"

#include "accelerators/family/engine_knobs.h"
#include "software/common/arithmetic.h"
#include "software/exploration/point/predict.h"
#include "software/exploration/point/price.h"

namespace lutra::exploration {

namespace {

constexpr int kibibyte = 1024;

bool fits(const scenario::Scenario& scenario, accelerators::EngineConfig engine, int kibibytes,
          const costs::Tables& tables) {
  engine.weight_memory_bytes = kibibytes * kibibyte;
  const std::optional<accelerators::EngineConfig> with = engine;
  const auto cells = price_resources({scenario.soc, with, scenario.implementations}, tables);
  return !cells || cells->fits;
}

}  // namespace

accelerators::EngineConfig with_weight_memory(const scenario::Scenario& scenario,
                                              const network::QuantisedNetwork& network, const costs::Tables& tables) {
  accelerators::EngineConfig engine = scenario.engine.value();
  const bool wanted = scenario.memory.weights == accelerators::WeightPlace::automatic;
  if (!wanted || engine.weight_memory_bytes != 0) return engine;
  accelerators::EngineConfig largest = engine;
  largest.weight_memory_bytes = accelerators::largest_buffer_bytes;
  const std::uint64_t needed = compile_for(scenario, largest, network).resident_bytes;
  int most = static_cast<int>(divide_up(needed, std::uint64_t{kibibyte})) + 1;  // the first that is too many
  int least = 0;
  if (fits(scenario, engine, most - 1, tables)) least = most - 1;
  while (most - least > 1) {
    const int middle = least + (most - least) / 2;
    (fits(scenario, engine, middle, tables) ? least : most) = middle;
  }
  engine.weight_memory_bytes = least * kibibyte;
  return engine;
}

}  // namespace lutra::exploration
