#pragma once

#include "accelerators/family/activation_layout.h"
#include "tests/accelerators/rtl/activation_buffer/random_region.h"
#include "tests/accelerators/rtl/twin.h"

namespace lutra::test {

// Drives one elaboration of the activation buffer: loads a region beat by beat, prepares a tile, reads words.
template <class Model>
class BufferBench {
 public:
  explicit BufferBench(const accelerators::ActivationLayout& layout) : layout_(layout) {
    top_->write = top_->prepare = top_->begin_tile = top_->restart = top_->advance = top_->read = 0;
    top_.reset();
  }

  void set_layout(const accelerators::ActivationLayout& layout, std::int64_t first_row) {
    layout_ = layout;
    first_row_ = first_row;
  }

  // The beats it takes.
  std::uint64_t load(const RandomRegion& region) {
    std::uint64_t beats = 0;
    const int width = region.tile.input.width;
    const bool neighbours = layout_.unfold == 0 && layout_.stride_x == 1 && layout_.cell_rows == 1;
    const auto bytes = static_cast<int>((layout_.cell_bits + 7) / 8);
    const int at_once = neighbours ? std::clamp(16 / bytes, 1, layout_.banks.beat_rows()) : 1;
    const int cells = layout_.unfold > 0 ? layout_.cells : width;
    for (int y = 0; y < region.height; ++y)
      for (int x = 0; x < cells; x += at_once)
        if (neighbours)
          ++beats, write_cells(region, y, x, std::min(at_once, cells - x));
        else
          beats += write_cell(region, y, x);
    top_->write = 0;
    return beats;
  }

  // `outputs`: of a block; spread: a block is one output.
  void prepare(const lutra_tile& tile, int outputs, bool spread) {
    const std::int64_t columns = tile.columns;
    const std::int64_t line = layout_.pitch + layout_.skew;  // banks between two image rows
    const std::int64_t rows = outputs / columns;
    const std::int64_t step = rows * layout_.pitch + outputs % columns;
    const std::int64_t step_bank = rows * line + outputs % columns;
    top_->spread = spread;
    top_->row_outputs = port(columns);
    top_->end_low = low(layout_.pitch - columns + 1);
    top_->end_high = high(layout_.pitch - columns + 1);
    top_->step_x = port(outputs % columns);
    top_->step_low = low(step);
    top_->step_high = high(step);
    top_->wrapped_low = low(step + layout_.pitch - columns);
    top_->wrapped_high = high(step + layout_.pitch - columns);
    top_->step_bank = low(step_bank);
    top_->wrapped_bank = low(step_bank + line - columns);
    top_->stripe_rows = port(layout_.stripe_rows());
    pulse(top_->prepare);
    for (int i = 0; i < Model::COLUMNS; ++i) top_.clock();
    pulse(top_->begin_tile);
  }
  void restart() { pulse(top_->restart); }
  void advance() { pulse(top_->advance); }

  // The word at `bit` of the cell at (y, x) from the output's first pixel or, unfolded, of image row y.
  void read(int y, int x, std::int64_t bit) {
    const int across = layout_.phases_x();
    const std::int64_t down = y / layout_.stride_y;
    const std::int64_t phase = y % layout_.stride_y * across + x % across;
    const std::int64_t row = layout_.row_of(bit);
    const std::int64_t cell = down * layout_.pitch + x / across;
    top_->read = 1;
    top_->tap_low = low(cell);
    top_->tap_high = port(first_row_ + high(cell) + phase * layout_.cell_rows + row);
    top_->tap_bank = low(down * (layout_.pitch + layout_.skew) + x / across + row);
    top_->tap_shift = static_cast<CData>(layout_.bit_in_row(bit));
    top_.clock();
    top_->read = 0;
    top_->tap_shift = 0;
  }
  std::uint32_t word(int column, int bit, int bits) const {
    return sample(top_->words, Model::COLUMNS * Model::WORD_BITS)
        .get(static_cast<std::size_t>(column * Model::WORD_BITS + bit), bits);
  }
  std::uint32_t row(int column, std::int64_t bit, int bits) const {
    return sample(top_->rows, Model::COLUMNS * Model::ROW_BITS)
        .get(static_cast<std::size_t>(column * Model::ROW_BITS + bit), bits);
  }

 private:
  static SData port(std::int64_t value) { return static_cast<SData>(value); }
  CData low(std::int64_t cells) const { return static_cast<CData>(cells % Model::COLUMNS); }
  SData high(std::int64_t cells) const { return port(cells / Model::COLUMNS * layout_.stripe_rows()); }

  // A bit of the cell: its pixels in order, without the bits that fill their last bytes.
  static std::uint32_t cell_bit(const RandomRegion& region, const accelerators::ActivationLayout& layout, int y, int x,
                                std::int64_t bit) {
    const std::int64_t element = bit / region.tile.input.bits;
    const auto pixel = static_cast<int>(element / region.tile.input.channels);
    const auto channel = static_cast<int>(element % region.tile.input.channels);
    const int first = layout.unfold > 0 ? layout.lead_x + x * layout.stride_x : x;
    return region.code(y, first + pixel, channel) >> bit % region.tile.input.bits & 1u;
  }

  void put(PortBits& rows, int at, const RandomRegion& region, int y, int x, std::int64_t first, std::int64_t last) {
    for (std::int64_t bit = 0; bit < layout_.cell_bits; ++bit)
      if (const auto row = layout_.row_of(bit); row >= first && row < last)
        rows.put(static_cast<std::size_t>((at + row - first) * Model::ROW_BITS + layout_.bit_in_row(bit)), 1,
                 cell_bit(region, layout_, y, x, bit));
  }

  void beat(const PortBits& rows, int count, accelerators::BankRow first) {
    top_->write = static_cast<CData>((1u << count) - 1);
    top_->write_bank = static_cast<CData>(first.bank);
    top_->write_address = port(first_row_ + first.row);
    drive(top_->write_rows, Model::BEAT * Model::ROW_BITS, rows);
    top_.clock();
  }

  std::uint64_t write_cell(const RandomRegion& region, int y, int x) {
    top_->same_cell = 1;
    top_->carry_rows = 0;
    std::uint64_t beats = 0;
    for (int first = 0; first < layout_.cell_rows; first += Model::BEAT, ++beats) {
      const int count = std::min(Model::BEAT, layout_.cell_rows - first);
      PortBits rows;
      put(rows, 0, region, y, x, first, first + count);
      beat(rows, count, layout_.place(y, x, first));
    }
    return beats;
  }

  void write_cells(const RandomRegion& region, int y, int x, int count) {
    top_->same_cell = 0;
    top_->carry_rows = port(layout_.stripe_rows());
    const std::int64_t cell = y / layout_.stride_y * layout_.pitch + x;
    top_->carry_from = static_cast<CData>(Model::COLUMNS - cell % Model::COLUMNS);
    PortBits rows;
    for (int i = 0; i < count; ++i) put(rows, i, region, y, x + i, 0, 1);
    beat(rows, count, layout_.place(y, x, 0));
  }

  void pulse(CData& input) {
    input = 1;
    top_.clock();
    input = 0;
  }
  Twin<Model> top_;
  accelerators::ActivationLayout layout_;
  std::int64_t first_row_ = 0;
};

}  // namespace lutra::test
