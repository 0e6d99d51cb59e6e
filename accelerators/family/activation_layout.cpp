#include "accelerators/family/activation_layout.h"

#include <algorithm>

#include "software/common/arithmetic.h"

namespace lutra::accelerators {

namespace {

constexpr int byte_bits = 8;
constexpr int value_bits = 16;  // widest value of a pool, a sum or an elementwise tile
constexpr int port_bytes = static_cast<int>(transfer_port_bytes);

// Cells of an image row and phase: windows where unfolded, else every stride_x-th pixel.
int cells_of(const ActivationLayout& layout, int width) {
  if (layout.unfold > 0) return std::max((width - layout.lead_x - layout.unfold) / layout.stride_x + 1, 1);
  return divide_up(width, layout.stride_x);
}

void finish(ActivationLayout& layout, int width) {
  layout.cells = cells_of(layout, width);
  layout.pitch = layout.skew == 0 ? layout.cells : divide_up(layout.cells, layout.banks.count) * layout.banks.count;
  layout.cell_rows = static_cast<int>(divide_up(layout.cell_bits, layout.part_bits) * layout.rows_per_part());
}

// Rows that hold whole pieces of `bits` each.
int filled_row(const ActivationBanks& banks, int bits) { return std::max(banks.row_bits() / bits, 1) * bits; }

// A word is `lanes` channels of one group: whole groups in a row, or rows that begin with a group and hold whole words.
void cut_words(ActivationLayout& layout, const lutra_tile& tile, int lanes) {
  const int bits = tile.input.bits;
  const int group = layout.unfold > 0 ? layout.unfold * tile.group_channels : tile.group_channels;
  layout.row_bits = filled_row(layout.banks, std::min(lanes, group) * bits);
  layout.part_bits = group <= lanes ? layout.cell_bits : std::int64_t{group} * bits;
}

bool merges_window_row(const lutra_tile& tile) {
  return tile.window_width > 1 && is_one_run(tile.dilation_x, tile.group_channels, tile.input.channels);
}

// Outputs that one cycle reads lie row by row through the tile; where those of a cycle span image rows, each row must
// begin as many banks after the row above it as a row has outputs.
int skew_of(const lutra_tile& tile, const ActivationLayout& layout, int width) {
  const int shift = tile.columns % layout.banks.count;
  if (tile.rows == 1 || shift == 0 || cells_of(layout, width) % layout.banks.count == shift) return 0;
  return shift;
}

}  // namespace

int column_bits(const EngineConfig& config, const Family& family) {
  const int port = family.activation_port_bits();
  return port > 0 ? port : config.lanes * config.activation_bits;
}

ActivationBanks activation_banks(const EngineConfig& config, const Family& family) {
  const int shared = std::max(config.post_lanes * value_bits, port_bytes * byte_bits);
  const int bits = std::max({column_bits(config, family), value_bits, divide_up(shared, config.columns)});
  return {config.columns, divide_up(bits, byte_bits)};
}

int ActivationBanks::beat_rows() const { return divide_up(port_bytes, row_bytes); }

BankRow ActivationLayout::place(std::int64_t y, std::int64_t x, std::int64_t r) const {
  const std::int64_t image_row = y / stride_y;
  const std::int64_t phase = y % stride_y * phases_x() + x % phases_x();
  const std::int64_t cell = image_row * pitch + x / phases_x();
  return {(cell + image_row * skew + r) % banks.count, cell / banks.count * stripe_rows() + phase * cell_rows + r};
}

std::int64_t ActivationLayout::bytes(std::int64_t height) const {
  const std::int64_t last = (divide_up(height, std::int64_t{stride_y}) - 1) * pitch + cells - 1;
  return (last / banks.count + 1) * stripe_rows() * banks.stripe_bytes();
}

ActivationLayout activation_layout(const lutra_transfer& load, const ActivationBanks& banks) {
  const lutra_placement& from = load.placement;
  ActivationLayout layout;
  layout.banks = banks;
  layout.stride_y = std::max<int>(from.interleave_y, 1);
  layout.stride_x = std::max<int>(from.interleave_x, 1);
  layout.unfold = from.unfold;
  layout.lead_x = from.lead_x;
  layout.skew = from.skew;
  const std::int64_t pixel_bits = std::int64_t{load.element_bytes} * byte_bits - from.gap;
  layout.cell_bits = pixel_bits * std::max(layout.unfold, 1);
  layout.row_bits = from.row_bits > 0 ? from.row_bits : banks.row_bits();
  layout.part_bits = from.part_bits > 0 ? from.part_bits : layout.cell_bits;
  finish(layout, static_cast<int>(load.pad_left + load.columns + load.pad_right));
  return layout;
}

ActivationLayout activation_layout(const lutra_tile& tile, const EngineConfig& config, const Family& family) {
  ActivationLayout layout;
  layout.banks = activation_banks(config, family);
  layout.stride_y = tile.stride_y;
  layout.stride_x = tile.stride_x;
  const std::int64_t pixel_bits = std::int64_t{tile.input.channels} * tile.input.bits;
  if (tile.kind == LUTRA_TILE_MATRIX) {
    // Words that would cross pixels are unfolded.
    if (merges_window_row(tile) && tile.group_channels % config.lanes != 0) {
      layout.unfold = tile.window_width;
      layout.lead_x = tile.lead_x;
    }
    layout.cell_bits = pixel_bits * std::max(layout.unfold, 1);
    cut_words(layout, tile, config.lanes);
  } else {
    layout.cell_bits = layout.part_bits = pixel_bits;
    layout.row_bits =
        filled_row(layout.banks, vector_step(tile, layout.banks, config.post_lanes).values * tile.input.bits);
  }
  layout.skew = skew_of(tile, layout, tile.input.width);
  finish(layout, tile.input.width);
  return layout;
}

std::int64_t region_bytes(const lutra_tile& tile, std::int64_t height, const EngineConfig& config,
                          const Family& family) {
  const ActivationLayout layout = activation_layout(tile, config, family);
  const std::int64_t stripe = layout.banks.stripe_bytes();
  const std::int64_t pixels = height * tile.input.width * tile.input.pixel_bytes;
  return std::max(layout.bytes(height), divide_up(pixels, stripe) * stripe);
}

lutra_placement placement(const ActivationLayout& layout, int gap) {
  return {.interleave_y = static_cast<std::uint8_t>(layout.stride_y),
          .interleave_x = static_cast<std::uint8_t>(layout.stride_x),
          .unfold = static_cast<std::uint8_t>(layout.unfold),
          .lead_x = static_cast<std::uint8_t>(layout.lead_x),
          .skew = static_cast<std::uint8_t>(layout.skew),
          .gap = static_cast<std::uint8_t>(gap),
          .row_bits = static_cast<std::uint16_t>(layout.row_bits),
          .part_bits = static_cast<std::uint32_t>(layout.part_bits)};
}

VectorStep vector_step(const lutra_tile& tile, const ActivationBanks& banks, int post_lanes) {
  VectorStep step;
  step.values = std::min({banks.row_bits() / tile.input.bits, post_lanes, int{tile.channels}});
  step.words = std::min(banks.count, post_lanes / step.values);
  while (banks.count % step.words != 0) --step.words;
  return step;
}

std::uint64_t write_cycles(const lutra_transfer& load, const ActivationBanks& banks) {
  const ActivationLayout layout = activation_layout(load, banks);
  const std::uint64_t height = std::uint64_t{load.pad_top} + load.rows + load.pad_bottom;
  const std::uint64_t width = std::uint64_t{load.pad_left} + load.columns + load.pad_right;
  const std::int64_t bytes = divide_up(layout.cell_bits, std::int64_t{byte_bits});
  const auto beats = static_cast<std::uint64_t>(std::max(divide_up(bytes, std::int64_t{port_bytes}),
                                                         divide_up(std::int64_t{layout.cell_rows}, banks.beat_rows())));
  if (layout.unfold > 0) return height * static_cast<std::uint64_t>(layout.cells) * beats;
  if (layout.stride_x > 1 || layout.cell_rows > 1) return height * width * beats;
  const auto at_once = static_cast<std::uint64_t>(std::clamp<std::int64_t>(port_bytes / bytes, 1, banks.beat_rows()));
  return height * divide_up(width, at_once) * beats;
}

}  // namespace lutra::accelerators
