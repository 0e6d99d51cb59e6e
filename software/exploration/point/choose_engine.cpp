#include "software/exploration/point/choose_engine.h"

#include <fmt/format.h>

#include <optional>

#include "accelerators/engine/structure.h"
#include "accelerators/family/family.h"
#include "software/common/error.h"
#include "software/costs/resources.h"
#include "software/exploration/point/predict.h"

namespace lutra::exploration {

namespace {

using accelerators::EngineConfig;

double luts(EngineConfig engine, const costs::Device& device) {
  engine.use_dsp = false;
  const auto family = accelerators::make_family(engine);
  return static_cast<double>(costs::pack(accelerators::engine_structure(engine, *family), {}, device).lut);
}

}  // namespace

EngineConfig choose_engine(const scenario::Scenario& scenario, const network::QuantisedNetwork& network,
                           const costs::Tables& tables) {
  const std::string& fpga = scenario.implementations.fpga;
  const costs::Device& device = fpga.empty() ? tables.devices.front() : costs::find_device(tables, fpga);
  std::optional<EngineConfig> best;
  double least = 0;
  std::string reason;
  for (const EngineConfig& engine : accelerators::preset_engines(*scenario.engine)) {
    try {
      const double cost = static_cast<double>(predicted_cycles(scenario, engine, network)) * luts(engine, device);
      if (best && cost >= least) continue;
      least = cost;
      best = engine;
    } catch (const Error& error) {
      reason = fmt::format("{} ({}): {}", engine.family, engine.variant, error.what());
    }
  }
  if (!best) throw Error(fmt::format("{}: no engine family computes the network; the last: {}", scenario.name, reason));
  return *best;
}

}  // namespace lutra::exploration
