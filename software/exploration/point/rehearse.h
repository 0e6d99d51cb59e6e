#pragma once

#include "software/compiler/compiler.h"
#include "software/network/float/graph.h"
#include "software/network/quantised/quantised_network.h"
#include "software/scenario/scenario.h"

namespace lutra::exploration {

enum class Rehearsal {
  room,        // only what no image changes: a memory or a buffer is too small
  everything,  // whatever comes to light; the run's own images may decide otherwise where a scale is at its limit
};

// Finds out before anything is quantised in earnest whether it can be quantised and compiled: the network is quantised
// on one image of noise, its weights without a fit, and compiled for the scenario's engine and memories (not for
// `engine: auto`). Throws Error naming the key and the bytes it needs.
void rehearse(const scenario::Scenario& scenario, const network::Graph& graph, Rehearsal rehearsal);

// The program of the network quantised in that way. Throws Error as rehearse.
compiler::Program rehearsed_program(const scenario::Scenario& scenario, const network::Graph& graph);

// The same for a network that comes quantised: compiles it.
void rehearse(const scenario::Scenario& scenario, const network::QuantisedNetwork& network);

// Throws Error where the inference software has no room in the TCM.
void require_tcm(const scenario::Scenario& scenario);

}  // namespace lutra::exploration
