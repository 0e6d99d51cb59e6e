#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "accelerators/family/family.h"
#include "accelerators/interface/commands.h"
#include "software/compiler/lowering/lower.h"
#include "software/network/quantised/quantised_network.h"

namespace lutra::compiler {

// Cycles for which a frame keeps units of the engine busy, at least.
struct UnitBounds {
  std::uint64_t compute = 0;
  std::uint64_t load = 0;
};

// Ways to compute an operation in as few tiles as there can be: one for each number of groups that may be merged.
using TileChoices = std::vector<std::vector<lutra_tile>>;

// What a network needs on an engine whose buffers and memories hold everything.
class CycleBound {
 public:
  // The network must outlive it.
  CycleBound(const network::QuantisedNetwork& network, bool normalise_on_hart);

  // Lower bounds, whatever the sizes of buffers and memories. Compute: each matrix operation as one tile, each pool
  // with every lane of the post-processor busy, elementwise ones not at all. Load: every pixel, skip value and
  // parameter that a matrix operation or a pool reads goes through the load unit's port once, wherever it comes from;
  // weights, which may stay, do not. Empty where the family refuses an operation. All calls are of one family, variant
  // and options.
  std::optional<UnitBounds> cycles(const accelerators::EngineConfig& engine, const accelerators::Family& family);

  // The tiles of its matrix operations, without the places of their data. Empty as above.
  std::optional<std::vector<TileChoices>> tiles(const accelerators::EngineConfig& engine,
                                                const accelerators::Family& family);

 private:
  bool name(const accelerators::Family& family);

  std::vector<LoweredOp> operations_;  // those that no join takes away
  std::uint64_t load_ = 0;             // cycles, parameters left out
  std::uint64_t parameters_ = 0;       // likewise, of a post-processor that scales
  bool named_ = false;                 // their weights
};

}  // namespace lutra::compiler
