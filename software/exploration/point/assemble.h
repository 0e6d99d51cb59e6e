#pragma once

#include "software/compiler/compiler.h"
#include "software/costs/tables.h"
#include "software/exploration/point/prepare.h"
#include "software/result/result.h"
#include "software/scenario/scenario.h"
#include "software/simulation/simulation.h"

namespace lutra::exploration {

// Puts a result together from what the stages found, prices it on the scenario's implementations and checks its sums.
// Reported is the frame that is nearest to the mean.
result::Result assemble(const scenario::Scenario& scenario, const Prepared& prepared,
                        const result::AccuracyFacts& accuracy, const compiler::Program& program,
                        const simulation::Simulation& simulation, std::size_t verified_images,
                        const costs::Tables& tables);

}  // namespace lutra::exploration
