#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "accelerators/family/family.h"
#include "software/compiler/lowering/lower.h"
#include "software/network/quantised/quantised_network.h"

namespace lutra::compiler {

// How fast a network could be on an engine whose buffers and memories hold everything.
class CycleBound {
 public:
  // The network must outlive it.
  CycleBound(const network::QuantisedNetwork& network, bool normalise_on_hart);

  // A lower bound of the cycles for which a frame keeps the compute unit busy, whatever the buffers' sizes: each matrix
  // operation as one tile, each pool with every lane of the post-processor busy, elementwise ones not at all. Empty
  // where the family refuses an operation. All calls are of one family, variant and options.
  std::optional<std::uint64_t> cycles(const accelerators::EngineConfig& engine, const accelerators::Family& family);

 private:
  std::vector<LoweredOp> operations_;
  bool named_ = false;  // their weights
};

}  // namespace lutra::compiler
