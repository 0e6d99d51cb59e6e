#pragma once

#include <cstdint>
#include <vector>

#include "accelerators/engine/buffers.h"
#include "accelerators/family/family.h"
#include "accelerators/interface/commands.h"
#include "accelerators/interface/registers.h"

namespace lutra::accelerators {

// Buffer ports in bytes and post-processor operations of one tile.
struct TileEvents {
  std::uint64_t activation_read_bytes = 0;
  std::uint64_t weight_read_bytes = 0;         // of the weight buffer
  std::uint64_t weight_memory_read_bytes = 0;  // of resident weights
  std::uint64_t parameter_read_bytes = 0;
  std::uint64_t skip_read_bytes = 0;
  std::uint64_t output_write_bytes = 0;
  std::uint64_t accumulator_read_bytes = 0;
  std::uint64_t accumulator_write_bytes = 0;
  std::uint64_t window_values = 0;
  std::uint64_t scales = 0;
  std::uint64_t skip_adds = 0;
  std::uint64_t prelus = 0;
  std::uint64_t code_requantises = 0;
  std::uint64_t sum_comparisons = 0;     // with thresholds
  std::uint64_t stream_comparisons = 0;  // likewise
  std::vector<std::uint64_t> array;      // in the order of Family::events; empty where the array is not used
};

// What a tile does, held back until its time has passed.
struct TileResult {
  lutra_engine_error error = LUTRA_ERROR_NONE;
  std::uint64_t cycles = 0;
  std::vector<std::int32_t> accumulators;  // empty unless kept
  std::vector<std::uint8_t> codes;
  std::vector<std::uint8_t> stream;
  TileEvents events;
};

// Runs a tile that has passed check_tile.
TileResult compute_tile(const lutra_tile& tile, const EngineConfig& config, const Family& family,
                        const Buffers& buffers);

// What a tile is expected to count where such a share of its products has no factor of zero: Family::expected.
TileEvents expected_events(const lutra_tile& tile, const EngineConfig& config, const Family& family, double share);

// Makes its results visible.
void commit(const lutra_tile& tile, const TileResult& result, Buffers& buffers);

}  // namespace lutra::accelerators
