#pragma once

#include "software/compiler/compiler.h"
#include "software/exploration/prepare.h"
#include "software/exploration/result.h"
#include "software/exploration/scenario.h"
#include "software/exploration/simulation.h"

namespace lutra::exploration {

// Puts a result together from what the stages found, prices it on the scenario's implementations and checks its sums.
// Reported is the last frame.
Result assemble(const Scenario& scenario, const Prepared& prepared, const AccuracyFacts& accuracy,
                const compiler::Program& program, const Simulation& simulation);

// The parts of it that need no simulation.
std::optional<ResourceFacts> price_resources(const Scenario& scenario);
std::optional<AreaFacts> price_area(const Scenario& scenario);

}  // namespace lutra::exploration
