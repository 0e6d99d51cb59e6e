#pragma once

#include "accelerators/family/engine_config.h"
#include "software/costs/tables.h"
#include "software/network/quantised/quantised_network.h"
#include "software/scenario/scenario.h"

namespace lutra::exploration {

// For an engine of the family "auto": the family, variant and options that compute the network with the smallest
// product of predicted array cycles per frame and LUTs of the engine, arithmetic in the fabric; every other knob as the
// scenario says. LUTs are those of the scenario's device, or of the first there is. Throws Error with the last reason
// when no engine computes it.
accelerators::EngineConfig choose_engine(const scenario::Scenario& scenario, const network::QuantisedNetwork& network,
                                         const costs::Tables& tables);

}  // namespace lutra::exploration
