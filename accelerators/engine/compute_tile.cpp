#include "accelerators/engine/compute_tile.h"

#include <algorithm>
#include <span>

#include "accelerators/engine/post_processor.h"
#include "accelerators/engine/window.h"
#include "accelerators/family/timing.h"

namespace lutra::accelerators {

namespace {

std::uint64_t output_count(const lutra_tile& tile) { return std::uint64_t{tile.rows} * tile.columns * tile.channels; }

std::uint64_t packed(std::uint64_t values, std::uint64_t bits) { return (values * bits + 7) / 8; }

std::vector<std::int32_t> starting_sums(const lutra_tile& tile, const Buffers& buffers) {
  if ((tile.flags & LUTRA_TILE_ACCUMULATE) == 0) return std::vector<std::int32_t>(output_count(tile));
  const auto first = buffers.accumulators.begin() + tile.accumulator_offset;
  return {first, first + static_cast<std::ptrdiff_t>(output_count(tile))};
}

bool weights_written(const lutra_tile& tile, const Family& family, const Buffers& buffers) {
  if (weight_place(tile) == LUTRA_BUFFER_WEIGHT) return true;
  return tile.weight_offset + std::uint64_t{family.weight_bytes(matrix_tile(tile))} <= buffers.weight_level;
}

// Of the array.
void count_array(const lutra_tile& tile, TileWork work, TileEvents& events) {
  events.array = std::move(work.event_counts);
  events.activation_read_bytes = work.activation_read_bytes;
  (weight_place(tile) == LUTRA_BUFFER_WEIGHT ? events.weight_read_bytes : events.weight_memory_read_bytes) =
      work.weight_read_bytes;
  events.accumulator_read_bytes += work.sum_read_bytes;
  events.accumulator_write_bytes += work.sum_write_bytes;
}

void count_window(const lutra_tile& tile, TileEvents& events) {
  events.window_values = output_count(tile) * tile.window_height * tile.window_width;
  events.activation_read_bytes = packed(events.window_values, tile.input.bits);
}

void run_array(const lutra_tile& tile, const EngineConfig& config, const Family& family, const Buffers& buffers,
               TileResult& result, std::vector<std::int32_t>& sums) {
  const auto from = [&](lutra_buffer buffer, std::uint32_t offset) {
    return std::span(buffers.bytes[buffer]).subspan(offset);
  };
  TileWork work =
      family.compute(matrix_tile(tile), finishes(tile), from(LUTRA_BUFFER_ACTIVATION, first_input_byte(tile)),
                     from(weight_place(tile), tile.weight_offset), sums);
  result.cycles = work.cycles + (finishes(tile) ? post_processor_stages : 0) + shared_requantiser_cycles(tile, config);
  count_array(tile, std::move(work), result.events);
}

void run_window(const lutra_tile& tile, const EngineConfig& config, const Family& family, const Buffers& buffers,
                TileResult& result, std::vector<std::int32_t>& sums) {
  reduce_windows(tile, config.accumulator_bits, buffers, sums);
  result.cycles = vector_cycles(tile, activation_banks(config, family), config.post_lanes) +
                  shared_requantiser_cycles(tile, config);
  count_window(tile, result.events);
}

void count_post(const lutra_tile& tile, const EngineConfig& config, TileEvents& events) {
  const std::uint64_t outputs = output_count(tile);
  const auto of = [&](unsigned flag) { return (tile.flags & flag) != 0 ? outputs : 0; };
  const auto entries = [&](lutra_tile_flag single) { return (tile.flags & single) != 0 ? 1 : outputs; };
  const bool direct = (tile.flags & LUTRA_TILE_DIRECT) != 0;
  const bool compares = (tile.flags & LUTRA_TILE_THRESHOLDS) != 0;
  events.scales = direct ? 0 : outputs;
  events.skip_adds = of(LUTRA_TILE_SKIP);
  events.prelus = of(LUTRA_TILE_PRELU);
  if ((tile.flags & LUTRA_TILE_CODES) != 0 && !compares) events.code_requantises = of(LUTRA_TILE_REQUANTISE);
  if (compares)
    (direct ? events.sum_comparisons : events.stream_comparisons) =
        outputs * static_cast<std::uint64_t>(threshold_comparisons(tile, config));
  events.skip_read_bytes = packed(events.skip_adds, tile.skip.bits);
  if (!direct) events.parameter_read_bytes = entries(LUTRA_TILE_ONE_SCALE) * sizeof(lutra_requantise);
  if (compares)
    events.parameter_read_bytes += entries(LUTRA_TILE_ONE_THRESHOLDS) * sizeof(std::int32_t) *
                                   static_cast<std::uint64_t>(tile.code_high - tile.code_low);
  if (events.prelus > 0) events.parameter_read_bytes += entries(LUTRA_TILE_ONE_PRELU) * sizeof(lutra_requantise);
  const std::uint64_t pixels = std::uint64_t{tile.rows} * tile.columns;
  if (of(LUTRA_TILE_CODES | LUTRA_TILE_DIRECT) > 0)
    events.output_write_bytes += pixels * pixel_bytes(tile.channels, tile.code_bits);
  if (of(LUTRA_TILE_STREAM) > 0 && !direct) events.output_write_bytes += pixels * pixel_bytes(tile.channels, 16);
}

// Sums that pass through the accumulator buffer from tile to tile.
void count_partial_sums(const lutra_tile& tile, TileEvents& events) {
  const std::uint64_t bytes = output_count(tile) * sizeof(std::int32_t);
  if ((tile.flags & LUTRA_TILE_ACCUMULATE) != 0) events.accumulator_read_bytes += bytes;
  if (!finishes(tile)) events.accumulator_write_bytes += bytes;
}

}  // namespace

TileResult compute_tile(const lutra_tile& tile, const EngineConfig& config, const Family& family,
                        const Buffers& buffers) {
  TileResult result;
  if (!weights_written(tile, family, buffers)) {
    result.error = LUTRA_ERROR_UNWRITTEN;
    return result;
  }
  std::vector<std::int32_t> sums = starting_sums(tile, buffers);
  if (tile.kind == LUTRA_TILE_MATRIX)
    run_array(tile, config, family, buffers, result, sums);
  else
    run_window(tile, config, family, buffers, result, sums);
  count_partial_sums(tile, result.events);

  if (!finishes(tile)) {
    result.accumulators = std::move(sums);
    return result;
  }
  PostResult post = post_process(tile, config, buffers, sums);
  if (!post.parameters_valid) result.error = LUTRA_ERROR_OPERAND;
  result.codes = std::move(post.codes);
  result.stream = std::move(post.stream);
  count_post(tile, config, result.events);
  return result;
}

TileEvents expected_events(const lutra_tile& tile, const EngineConfig& config, const Family& family, double share) {
  TileEvents events;
  if (tile.kind == LUTRA_TILE_MATRIX)
    count_array(tile, family.expected(matrix_tile(tile), share), events);
  else
    count_window(tile, events);
  count_partial_sums(tile, events);
  if (finishes(tile)) count_post(tile, config, events);
  return events;
}

void commit(const lutra_tile& tile, const TileResult& result, Buffers& buffers) {
  std::copy(result.accumulators.begin(), result.accumulators.end(),
            buffers.accumulators.begin() + (result.accumulators.empty() ? 0 : tile.accumulator_offset));
  auto& output = buffers.bytes[LUTRA_BUFFER_OUTPUT];
  if (!result.stream.empty())
    std::copy(result.stream.begin(), result.stream.end(), output.begin() + tile.stream_offset);
  if (!result.codes.empty()) std::copy(result.codes.begin(), result.codes.end(), output.begin() + tile.code_offset);
}

}  // namespace lutra::accelerators
