#include "accelerators/engine/checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <initializer_list>
#include <type_traits>

#include "accelerators/engine/buffers.h"
#include "accelerators/family/activation_layout.h"
#include "accelerators/family/check_knob.h"
#include "accelerators/family/engine_knobs.h"
#include "accelerators/family/pixel.h"
#include "accelerators/family/timing.h"
#include "software/common/error.h"

namespace lutra::accelerators {

namespace {

constexpr unsigned known_flags = (LUTRA_TILE_RESIDENT_WEIGHTS << 1) - 1;

bool any_zero(std::initializer_list<unsigned> values) {
  for (const unsigned value : values)
    if (value == 0) return true;
  return false;
}

bool fits(std::uint64_t offset, std::uint64_t bytes, std::uint64_t capacity) {
  return bytes <= capacity && offset <= capacity - bytes;
}

bool known_width(int bits) { return (bits >= 1 && bits <= 8) || bits == 16; }

bool readable(const lutra_operand& operand) {
  return known_width(operand.bits) && operand.is_signed <= 1 && (operand.bits < 16 || operand.is_signed == 1) &&
         !any_zero({operand.width, operand.channels}) &&
         operand.pixel_bytes >= pixel_bytes(operand.channels, operand.bits);
}

std::uint64_t last_index(unsigned count, unsigned stride, unsigned window, unsigned dilation) {
  return std::uint64_t{count - 1} * stride + std::uint64_t{window - 1} * dilation;
}

// Image rows of the input's region that the tile reads, with those before its first window.
std::uint64_t input_height(const lutra_tile& tile) {
  return tile.lead_y + last_index(tile.rows, tile.stride_y, tile.window_height, tile.dilation_y) + 1;
}

lutra_engine_error check_input(const lutra_tile& tile, const EngineConfig& config) {
  if (any_zero({tile.rows, tile.columns, tile.channels, tile.window_height, tile.window_width, tile.stride_y,
                tile.stride_x, tile.dilation_y, tile.dilation_x}))
    return LUTRA_ERROR_OPERAND;
  if (!readable(tile.input)) return LUTRA_ERROR_OPERAND;
  if (tile.lead_x + last_index(tile.columns, tile.stride_x, tile.window_width, tile.dilation_x) >= tile.input.width)
    return LUTRA_ERROR_OPERAND;
  const std::uint64_t height = input_height(tile);
  return fits(tile.input.offset, height * tile.input.width * tile.input.pixel_bytes, config.activation_buffer_bytes)
             ? LUTRA_ERROR_NONE
             : LUTRA_ERROR_BOUNDS;
}

// Each factor is held against the capacity before it multiplies, so that no product leaves 64 bits.
bool fits_banks(const ActivationLayout& layout, std::uint64_t offset, std::int64_t height, std::uint64_t capacity) {
  const std::int64_t stripes = std::int64_t{layout.stride_y} * layout.stride_x * layout.cell_rows;
  if (static_cast<std::uint64_t>(stripes) > capacity) return false;
  return fits(offset, static_cast<std::uint64_t>(layout.bytes(height)), capacity);
}

// The tile's input in the banks: its region begins with a stripe, and no word is wider than a bank's row.
lutra_engine_error check_banks(const lutra_tile& tile, const EngineConfig& config, const Family& family) {
  const ActivationLayout layout = activation_layout(tile, config, family);
  if (layout.row_bits > layout.banks.row_bits()) return LUTRA_ERROR_OPERAND;
  if (tile.input.offset % static_cast<unsigned>(layout.banks.stripe_bytes()) != 0) return LUTRA_ERROR_OPERAND;
  const auto height = static_cast<std::int64_t>(input_height(tile));
  return fits_banks(layout, tile.input.offset, height, config.activation_buffer_bytes) ? LUTRA_ERROR_NONE
                                                                                       : LUTRA_ERROR_BOUNDS;
}

lutra_engine_error check_matrix(const lutra_tile& tile, const EngineConfig& config, const Family& family) {
  if (any_zero({tile.group_channels, tile.group_outputs})) return LUTRA_ERROR_OPERAND;
  const std::uint64_t last_group = (std::uint64_t{tile.group_phase} + tile.channels - 1) / tile.group_outputs;
  if ((last_group + 1) * tile.group_channels > tile.input.channels) return LUTRA_ERROR_OPERAND;
  const MatrixTile matrix = matrix_tile(tile);
  if (!family.refuses_tile(matrix).empty()) return LUTRA_ERROR_OPERAND;
  const bool fit = fits(tile.weight_offset, family.weight_bytes(matrix), buffer_capacity(config, weight_place(tile)));
  return fit ? LUTRA_ERROR_NONE : LUTRA_ERROR_BOUNDS;
}

lutra_engine_error check_vector(const lutra_tile& tile) {
  if (tile.channels > tile.input.channels || weight_place(tile) != LUTRA_BUFFER_WEIGHT) return LUTRA_ERROR_OPERAND;
  const bool windowed = tile.window_height > 1 || tile.window_width > 1;
  return tile.kind == LUTRA_TILE_ELEMENTWISE && windowed ? LUTRA_ERROR_OPERAND : LUTRA_ERROR_NONE;
}

lutra_engine_error check_skip(const lutra_tile& tile, const EngineConfig& config) {
  if (!readable(tile.skip) || any_zero({tile.skip_stride_y, tile.skip_stride_x})) return LUTRA_ERROR_OPERAND;
  if (!can_requantise(tile.skip_requantise, config)) return LUTRA_ERROR_OPERAND;
  const std::uint64_t last_x = last_index(tile.columns, tile.skip_stride_x, 1, 1);
  if (last_x >= tile.skip.width) return LUTRA_ERROR_OPERAND;
  const std::uint64_t last_pixel = last_index(tile.rows, tile.skip_stride_y, 1, 1) * tile.skip.width + last_x;
  const std::uint64_t bytes = (last_pixel + 1) * tile.skip.pixel_bytes;
  return fits(tile.skip.offset, bytes, config.skip_buffer_bytes) ? LUTRA_ERROR_NONE : LUTRA_ERROR_BOUNDS;
}

lutra_engine_error check_outputs(const lutra_tile& tile, const EngineConfig& config) {
  const std::uint64_t pixels = std::uint64_t{tile.rows} * tile.columns;
  const auto fits_output = [&](std::uint32_t offset, int bits) {
    return fits(offset, pixels * pixel_bytes(tile.channels, bits), config.output_buffer_bytes);
  };
  if ((tile.flags & (LUTRA_TILE_STREAM | LUTRA_TILE_CODES)) == 0) return LUTRA_ERROR_OPERAND;
  if ((tile.flags & LUTRA_TILE_STREAM) != 0 && !fits_output(tile.stream_offset, 16)) return LUTRA_ERROR_BOUNDS;
  if ((tile.flags & LUTRA_TILE_CODES) == 0) return LUTRA_ERROR_NONE;
  if (!known_width(tile.code_bits) || tile.code_low > tile.code_high) return LUTRA_ERROR_OPERAND;
  if (tile.code_low < INT16_MIN || tile.code_high > INT16_MAX) return LUTRA_ERROR_OPERAND;
  const bool requantises = (tile.flags & LUTRA_TILE_REQUANTISE) != 0;
  if (requantises && !can_requantise(tile.code_requantise, config)) return LUTRA_ERROR_OPERAND;
  return fits_output(tile.code_offset, tile.code_bits) ? LUTRA_ERROR_NONE : LUTRA_ERROR_BOUNDS;
}

lutra_engine_error check_thresholds(const lutra_tile& tile, const EngineConfig& config) {
  const bool direct = (tile.flags & LUTRA_TILE_DIRECT) != 0;
  if ((tile.flags & LUTRA_TILE_THRESHOLDS) == 0) return direct ? LUTRA_ERROR_OPERAND : LUTRA_ERROR_NONE;
  constexpr unsigned stream_flags = LUTRA_TILE_STREAM | LUTRA_TILE_SKIP | LUTRA_TILE_PRELU;
  if (most_thresholds(config) == 0 || (tile.flags & LUTRA_TILE_CODES) == 0) return LUTRA_ERROR_OPERAND;
  if (direct && (config.post != PostForm::thresholds || (tile.flags & stream_flags) != 0)) return LUTRA_ERROR_OPERAND;
  const std::int64_t count = std::int64_t{tile.code_high} - tile.code_low;
  if (count < 0 || count > most_thresholds(config)) return LUTRA_ERROR_OPERAND;
  const std::uint64_t entries = (tile.flags & LUTRA_TILE_ONE_THRESHOLDS) != 0 ? 1 : tile.channels;
  const std::uint64_t bytes = entries * static_cast<std::uint64_t>(count) * sizeof(std::int32_t);
  return fits(tile.threshold_offset, bytes, config.parameter_buffer_bytes) ? LUTRA_ERROR_NONE : LUTRA_ERROR_BOUNDS;
}

lutra_engine_error check_post(const lutra_tile& tile, const EngineConfig& config) {
  const auto fits_parameters = [&](std::uint32_t offset, bool single) {
    const std::uint64_t entries = single ? 1 : tile.channels;
    return fits(offset, entries * sizeof(lutra_requantise), config.parameter_buffer_bytes);
  };
  if (const auto error = check_thresholds(tile, config)) return error;
  if ((tile.flags & LUTRA_TILE_DIRECT) == 0 &&
      !fits_parameters(tile.scale_offset, (tile.flags & LUTRA_TILE_ONE_SCALE) != 0))
    return LUTRA_ERROR_BOUNDS;
  if ((tile.flags & LUTRA_TILE_PRELU) != 0 &&
      !fits_parameters(tile.prelu_offset, (tile.flags & LUTRA_TILE_ONE_PRELU) != 0))
    return LUTRA_ERROR_BOUNDS;
  if ((tile.flags & LUTRA_TILE_SKIP) != 0)
    if (const auto error = check_skip(tile, config)) return error;
  return check_outputs(tile, config);
}

lutra_engine_error check_accumulators(const lutra_tile& tile, const EngineConfig& config, const Family& family) {
  const bool array_sums = tile.kind == LUTRA_TILE_MATRIX && family.sums_in_buffer();
  if ((tile.flags & (LUTRA_TILE_ACCUMULATE | LUTRA_TILE_KEEP)) == 0 && !array_sums) return LUTRA_ERROR_NONE;
  const std::uint64_t words = std::uint64_t{tile.rows} * tile.columns * tile.channels;
  const std::uint64_t capacity = static_cast<std::uint64_t>(config.accumulator_buffer_bytes) / sizeof(std::int32_t);
  return fits(tile.accumulator_offset, words, capacity) ? LUTRA_ERROR_NONE : LUTRA_ERROR_BOUNDS;
}

bool placed(const lutra_placement& p) {
  return (p.interleave_y | p.interleave_x | p.unfold | p.lead_x | p.skew | p.gap | p.row_bits | p.part_bits) != 0;
}

// Of a transfer whose pixels fit the buffer without banks.
lutra_engine_error check_placement(const lutra_transfer& transfer, const EngineConfig& config, const Family& family) {
  if (transfer.buffer != LUTRA_BUFFER_ACTIVATION || transfer.command.opcode == LUTRA_STORE)
    return placed(transfer.placement) ? LUTRA_ERROR_OPERAND : LUTRA_ERROR_NONE;
  const ActivationBanks banks = activation_banks(config, family);
  const lutra_placement& placement = transfer.placement;
  if (placement.gap >= 8 || placement.row_bits > banks.row_bits() || placement.skew >= banks.count)
    return LUTRA_ERROR_OPERAND;
  const std::uint64_t width = std::uint64_t{transfer.pad_left} + transfer.columns + transfer.pad_right;
  if (std::uint64_t{placement.lead_x} + placement.unfold > width) return LUTRA_ERROR_OPERAND;
  if (transfer.offset % static_cast<unsigned>(banks.stripe_bytes()) != 0) return LUTRA_ERROR_OPERAND;
  const ActivationLayout layout = activation_layout(transfer, banks);
  if (layout.part_bits > layout.cell_bits) return LUTRA_ERROR_OPERAND;
  const auto height = static_cast<std::int64_t>(std::uint64_t{transfer.pad_top} + transfer.rows + transfer.pad_bottom);
  const auto capacity = static_cast<std::uint64_t>(config.activation_buffer_bytes);
  return fits_banks(layout, transfer.offset, height, capacity) ? LUTRA_ERROR_NONE : LUTRA_ERROR_BOUNDS;
}

}  // namespace

bool can_requantise(const lutra_requantise& entry, const EngineConfig& config) {
  if (entry.shift > largest_shift) return false;
  const std::uint32_t multiplier = lutra_multiplier(&entry);
  if (config.post == PostForm::shift)
    return multiplier < 1u << 16 && (multiplier == 0 || std::has_single_bit(multiplier));
  return multiplier < 1u << config.post_multiplier_bits;
}

lutra_engine_error check_transfer(const lutra_transfer& transfer, const EngineConfig& config, const Family& family) {
  const bool stores = transfer.command.opcode == LUTRA_STORE;
  if (transfer.buffer >= LUTRA_BUFFER_COUNT || transfer.memory > LUTRA_MEMORY_MAPS) return LUTRA_ERROR_OPERAND;
  const bool stays = transfer.buffer >= LUTRA_BUFFER_WEIGHT_MEMORY;
  if (stores ? transfer.buffer != LUTRA_BUFFER_OUTPUT : stays && transfer.memory == LUTRA_MEMORY_MAPS)
    return LUTRA_ERROR_OPERAND;
  if (any_zero({transfer.rows, transfer.columns, transfer.element_bytes})) return LUTRA_ERROR_OPERAND;
  const bool padded = (transfer.pad_top | transfer.pad_bottom | transfer.pad_left | transfer.pad_right) != 0;
  if (transfer.pad_byte > 0xFF || (padded && transfer.buffer != LUTRA_BUFFER_ACTIVATION)) return LUTRA_ERROR_OPERAND;
  const std::uint64_t capacity = buffer_capacity(config, static_cast<lutra_buffer>(transfer.buffer));
  const std::uint64_t height = std::uint64_t{transfer.rows} + transfer.pad_top + transfer.pad_bottom;
  const std::uint64_t width = std::uint64_t{transfer.columns} + transfer.pad_left + transfer.pad_right;
  // Each factor is held against the capacity before it multiplies, so that no product leaves 64 bits.
  if (height > capacity || width > capacity || transfer.element_bytes > capacity) return LUTRA_ERROR_BOUNDS;
  if (height * width > capacity) return LUTRA_ERROR_BOUNDS;
  if (!fits(transfer.offset, height * width * transfer.element_bytes, capacity)) return LUTRA_ERROR_BOUNDS;
  if (const auto error = check_placement(transfer, config, family)) return error;
  const bool maps = transfer.memory == LUTRA_MEMORY_MAPS;
  const std::uint64_t memory_end = maps ? buffer_capacity(config, LUTRA_BUFFER_MAP_MEMORY) : std::uint64_t{1} << 32;
  const std::uint64_t extent = (std::uint64_t{transfer.rows} - 1) * transfer.row_pitch +
                               (std::uint64_t{transfer.columns} - 1) * transfer.column_pitch + transfer.element_bytes;
  if (fits(transfer.address, extent, memory_end)) return LUTRA_ERROR_NONE;
  return maps ? LUTRA_ERROR_BOUNDS : LUTRA_ERROR_BUS;
}

lutra_engine_error check_tile(const lutra_tile& tile, const EngineConfig& config, const Family& family) {
  if (tile.kind > LUTRA_TILE_ELEMENTWISE || tile.flags > known_flags) return LUTRA_ERROR_OPCODE;
  if (const auto error = check_input(tile, config)) return error;
  const auto error = tile.kind == LUTRA_TILE_MATRIX ? check_matrix(tile, config, family) : check_vector(tile);
  if (error) return error;
  if (const auto banks = check_banks(tile, config, family)) return banks;
  if (const auto accumulators = check_accumulators(tile, config, family)) return accumulators;
  return finishes(tile) ? check_post(tile, config) : LUTRA_ERROR_NONE;
}

void check_shell(const EngineConfig& config) {
  for_each_shell_knob(config, [](const char* name, const auto& value, const auto& accepted, const char*) {
    check_knob(name, value, accepted);
  });
}

}  // namespace lutra::accelerators
