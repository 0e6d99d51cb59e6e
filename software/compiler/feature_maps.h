#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "software/compiler/interval_packing.h"
#include "software/compiler/mapping/plan.h"

namespace lutra::compiler {

// An entry of the op table; `plan` null: the hart computes it.
struct PlannedOp {
  const LoweredOp* lowered = nullptr;
  const Plan* plan = nullptr;
};

// A tensor between operations.
struct FeatureMap {
  network::EdgeId edge = -1;
  // While it lives, in operations, a group of stripes from its first to its last; saved: bytes through main memory in a
  // frame.
  Candidate candidate;
  RowRing ring;           // the rows that stay: it must
  std::string elsewhere;  // why it must lie in main memory; empty: it may stay in the map memory
  // The stream that it may overwrite: each tile of the operation that writes it has read the same bytes as its skip
  // before, and nobody reads them after. -1: none.
  network::EdgeId overwrites = -1;
};

// Every tensor that an operation writes or reads, in the order of first use. One takes whole words of the map memory,
// and a ring of rows no more than its places.
std::vector<FeatureMap> feature_maps(const network::QuantisedNetwork& network, std::span<const PlannedOp> ops);

}  // namespace lutra::compiler
