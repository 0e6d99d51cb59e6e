#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "accelerators/family/family.h"
#include "accelerators/interface/commands.h"
#include "software/compiler/mapping/tiling.h"

namespace lutra::compiler {

using BufferBytes = std::array<std::int64_t, LUTRA_BUFFER_COUNT>;

// What one tile keeps in a buffer, or what a buffer holds.
BufferBytes capacities(const accelerators::EngineConfig& engine);
const char* buffer_key(lutra_buffer buffer);  // "weight_buffer_bytes": the engine's knob

// Data in a buffer begin on a word: requantise parameters and streams are read as words.
constexpr std::int64_t align_in_buffer(std::int64_t bytes) { return (bytes + 3) / 4 * 4; }

// One tile: output channels x output pixels x a chunk of the input channels.
struct TileIndex {
  int channels = 0;
  int pixels = 0;
  int chunk = 0;
};

// What one tile occupies in each buffer, and its unfinished sums in the accumulator buffer.
struct TileBytes {
  BufferBytes buffers{};
  std::int64_t accumulators = 0;
};

// A tile in the order of execution, with the place of its data in every buffer.
struct Step {
  TileIndex index;
  std::array<int, LUTRA_BUFFER_COUNT> slot{};   // -1: the tile has no data there
  std::array<bool, LUTRA_BUFFER_COUNT> load{};  // the slot must be filled first
  bool first = false;                           // of its output's chunks
  bool last = false;                            // finishes its output
};

// Each buffer is divided into equal slots; data stay in a slot until the least recently used one is needed.
struct Schedule {
  BufferBytes slot_bytes{};
  std::vector<Step> steps;
  std::vector<std::size_t> bands;  // the first step of each

  // What its slots take of a buffer.
  std::int64_t bytes(std::size_t buffer) const;
};

// Precondition: one tile of `largest` fits into `capacity`.
Schedule make_schedule(const Layer& layer, const Tiling& tiling, const TileBytes& largest, const BufferBytes& capacity);

}  // namespace lutra::compiler
