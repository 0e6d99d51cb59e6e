#pragma once

#include <cstdint>

#include "accelerators/family/family.h"
#include "software/compiler/mapping/schedule.h"

namespace lutra::compiler {

// Per cycle, of a bus that the compiler does not know: the default interconnect's.
inline constexpr std::uint64_t assumed_bus_bytes = 8;

// Cycles the compute unit is busy with the tiles of a layer: a lower bound of what the operation takes.
std::uint64_t array_cycles(const Layer& layer, const Tiling& tiling, const accelerators::EngineConfig& engine,
                           const accelerators::Family& family);

// Scales, PReLUs and thresholds of a tile.
std::int64_t parameter_bytes(const Layer& layer, const ChannelTile& channels);

// What the largest tile keeps in each buffer.
TileBytes largest_tile_bytes(const Layer& layer, const Tiling& tiling, const accelerators::EngineConfig& engine,
                             const accelerators::Family& family);

// Predicts how many cycles a schedule takes, load, compute and store overlapping, to compare one with another; what the
// operation really takes comes out of the simulation. Stops early, with a value of at least `limit`, once that is
// certain. `array` is its array_cycles().
std::uint64_t estimate(const Layer& layer, const Tiling& tiling, const Schedule& schedule,
                       const accelerators::EngineConfig& engine, const accelerators::Family& family,
                       std::uint64_t array, std::uint64_t limit);

}  // namespace lutra::compiler
