#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "software/compiler/feature_maps.h"
#include "software/compiler/stripe_group.h"

namespace lutra::compiler {

// The map memory that stripes are to make do with.
struct MapRoom {
  std::uint64_t bytes = 0;
  std::uint64_t reserved = 0;  // of these, at the bottom
  bool at_any_cost = false;    // all maps must stay; else fewer bytes must be worth their cycles
};

// Groups of operations that run stripe by stripe so that fewer bytes cross to main memory and back in a frame; none
// where no stripes do that. `ops` are planned without stripes, and know where their maps lie.
std::vector<StripeGroup> choose_stripes(const network::QuantisedNetwork& network, std::span<const PlannedOp> ops,
                                        const MapRoom& room, const accelerators::EngineConfig& engine,
                                        const accelerators::Family& family);

// An operation's part in a group: its stripes, and what of its tensors is on chip for them.
void join_group(const StripeGroup& group, int op, LoweredOp& lowered);

// What the operations of a group keep in their buffers must fit into these together, or be loaded again at each turn.
// True where the latter is newly so, and the plans do not know of it yet.
bool share_buffers(std::span<LoweredOp* const> ops, std::span<const Plan* const> plans,
                   const accelerators::EngineConfig& engine);

}  // namespace lutra::compiler
