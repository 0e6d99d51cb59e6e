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

void run_array(const lutra_tile& tile, const EngineConfig& config, const Family& family, const Buffers& buffers,
               TileResult& result, std::vector<std::int32_t>& sums) {
  const auto from = [&](lutra_buffer buffer, std::uint32_t offset) {
    return std::span(buffers.bytes[buffer]).subspan(offset);
  };
  TileWork work =
      family.compute(matrix_tile(tile), finishes(tile), from(LUTRA_BUFFER_ACTIVATION, first_input_byte(tile)),
                     from(weight_place(tile), tile.weight_offset), sums);
  result.cycles = work.cycles + (finishes(tile) ? post_processor_stages : 0) + shared_requantiser_cycles(tile, config);
  result.events.array = std::move(work.event_counts);
  result.events.activation_read_bytes = work.activation_read_bytes;
  (weight_place(tile) == LUTRA_BUFFER_WEIGHT ? result.events.weight_read_bytes
                                             : result.events.weight_memory_read_bytes) = work.weight_read_bytes;
  result.events.accumulator_read_bytes += work.sum_read_bytes;
  result.events.accumulator_write_bytes += work.sum_write_bytes;
}

void run_window(const lutra_tile& tile, const EngineConfig& config, const Family& family, const Buffers& buffers,
                TileResult& result, std::vector<std::int32_t>& sums) {
  reduce_windows(tile, config.accumulator_bits, buffers, sums);
  result.cycles = vector_cycles(tile, activation_banks(config, family), config.post_lanes) +
                  shared_requantiser_cycles(tile, config);
  result.events.window_values = output_count(tile) * tile.window_height * tile.window_width;
  result.events.activation_read_bytes = packed(result.events.window_values, tile.input.bits);
}

void count_post(const lutra_tile& tile, const EngineConfig& config, TileResult& result) {
  const std::uint64_t outputs = output_count(tile);
  const auto of = [&](lutra_tile_flag flag) { return (tile.flags & flag) != 0 ? outputs : 0; };
  const auto entries = [&](lutra_tile_flag single) { return (tile.flags & single) != 0 ? 1 : outputs; };
  TileEvents& events = result.events;
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
  events.output_write_bytes = result.codes.size() + result.stream.size();
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
  if ((tile.flags & LUTRA_TILE_ACCUMULATE) != 0)
    result.events.accumulator_read_bytes = sums.size() * sizeof(std::int32_t);
  if (tile.kind == LUTRA_TILE_MATRIX)
    run_array(tile, config, family, buffers, result, sums);
  else
    run_window(tile, config, family, buffers, result, sums);

  if (!finishes(tile)) {
    result.events.accumulator_write_bytes += sums.size() * sizeof(std::int32_t);
    result.accumulators = std::move(sums);
    return result;
  }
  PostResult post = post_process(tile, config, buffers, sums);
  if (!post.parameters_valid) result.error = LUTRA_ERROR_OPERAND;
  result.codes = std::move(post.codes);
  result.stream = std::move(post.stream);
  count_post(tile, config, result);
  return result;
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
