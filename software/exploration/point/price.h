#pragma once

#include <optional>
#include <vector>

#include "software/costs/energy.h"
#include "software/costs/tables.h"
#include "software/result/result.h"

namespace lutra::exploration {

// What hardware is priced, and on what.
struct Hardware {
  const models::SocConfig& soc;
  const std::optional<accelerators::EngineConfig>& engine;
  const costs::Implementations& implementations;
};

// Empty where no device, or no node, is named. Throw Error naming the known ones.
std::optional<result::ResourceFacts> price_resources(const Hardware& hardware, const costs::Tables& tables);
std::optional<result::AreaFacts> price_area(const Hardware& hardware, const costs::Tables& tables);

// What a frame's counted layers take, energy not counted aside. Empty where no node is named. Throws Error naming an
// event that the node's tables neither price nor list as free.
std::optional<costs::FrameEnergy> price_frame(const Hardware& hardware, const std::vector<costs::CountedLayer>& layers,
                                              const costs::Tables& tables);

// Empty also where nothing like the engine was timed.
std::optional<result::ClockFacts> price_clock(const Hardware& hardware, const costs::Tables& tables);

// Energy, resources, area and clock of a result from what it counted, its hardware and its implementations, in place of
// those it has; the published figure beside it too. Nothing is simulated. Throws Error naming an event that the node's
// tables neither price nor list as free.
void price(result::Result& result, const costs::Tables& tables);

}  // namespace lutra::exploration
