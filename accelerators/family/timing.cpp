#include "accelerators/family/timing.h"

#include <algorithm>

#include "software/common/arithmetic.h"

namespace lutra::accelerators {

MatrixTile matrix_tile(const lutra_tile& tile) {
  return {.rows = tile.rows,
          .columns = tile.columns,
          .channels = tile.channels,
          .window_height = tile.window_height,
          .window_width = tile.window_width,
          .stride_y = tile.stride_y,
          .stride_x = tile.stride_x,
          .dilation_y = tile.dilation_y,
          .dilation_x = tile.dilation_x,
          .group_channels = tile.group_channels,
          .group_outputs = tile.group_outputs,
          .group_phase = tile.group_phase,
          .input_width = tile.input.width,
          .input_channels = tile.input.channels,
          .input_pixel_bytes = tile.input.pixel_bytes,
          .activation_bits = tile.input.bits,
          .activation_signed = tile.input.is_signed != 0,
          .weight_format = tile.weight_format,
          .weight_bits = tile.weight_bits};
}

std::uint32_t first_input_byte(const lutra_tile& tile) {
  return tile.input.offset + (std::uint32_t{tile.lead_y} * tile.input.width + tile.lead_x) * tile.input.pixel_bytes;
}

bool finishes(const lutra_tile& tile) { return (tile.flags & LUTRA_TILE_KEEP) == 0; }

std::uint64_t vector_cycles(const lutra_tile& tile, const ActivationBanks& banks, int post_lanes) {
  constexpr std::uint64_t buffer_read = 1;
  const std::uint64_t pixels = std::uint64_t{tile.rows} * tile.columns;
  const VectorStep step = vector_step(tile, banks, post_lanes);
  const std::uint64_t words = divide_up(std::uint64_t{tile.channels}, static_cast<std::uint64_t>(step.values));
  const auto at_once = static_cast<std::uint64_t>(step.words);
  const std::uint64_t window = std::uint64_t{tile.window_height} * tile.window_width;
  const std::uint64_t steps = std::min(pixels * divide_up(words, at_once), divide_up(pixels, at_once) * words);
  return buffer_read + steps * window + (finishes(tile) ? post_processor_stages : 0);
}

int most_thresholds(const EngineConfig& config) {
  return config.post == PostForm::thresholds ? LUTRA_MOST_THRESHOLDS : config.post_thresholds;
}

std::uint64_t shared_requantiser_cycles(const lutra_tile& tile, const EngineConfig& config) {
  const bool shares = (tile.flags & (LUTRA_TILE_CODES | LUTRA_TILE_THRESHOLDS)) == LUTRA_TILE_CODES;
  if (config.post != PostForm::thresholds || !finishes(tile) || !shares) return 0;
  const std::uint64_t outputs = std::uint64_t{tile.rows} * tile.columns * tile.channels;
  return outputs - (outputs + config.post_lanes - 1) / config.post_lanes;
}

std::uint64_t tile_cycles(const lutra_tile& tile, const EngineConfig& config, const Family& family) {
  const std::uint64_t shared = shared_requantiser_cycles(tile, config);
  if (tile.kind != LUTRA_TILE_MATRIX)
    return vector_cycles(tile, activation_banks(config, family), config.post_lanes) + shared;
  return family.cycles(matrix_tile(tile), finishes(tile)) + (finishes(tile) ? post_processor_stages : 0) + shared;
}

std::uint64_t least_tile_cycles(const lutra_tile& tile, const EngineConfig& config, const Family& family) {
  const std::uint64_t cycles = tile_cycles(tile, config, family);
  if (tile.kind != LUTRA_TILE_MATRIX) return cycles;
  const MatrixTile matrix = matrix_tile(tile);
  return cycles - family.cycles(matrix, finishes(tile)) + family.least_cycles(matrix, finishes(tile));
}

}  // namespace lutra::accelerators
