#pragma once

#include <cstdint>

#include "accelerators/family/engine_config.h"
#include "accelerators/family/family.h"
#include "accelerators/interface/commands.h"

namespace lutra::accelerators {

// Width of the buffer port of the load and the store unit: an engine's bus is rarely wider.
inline constexpr std::uint64_t transfer_port_bytes = 16;

// Cycles from an address of the map or the command memory to its word: a memory block with its output
// register (AMD UG473, DO_REG).
inline constexpr int memory_latency = 2;

// The banks of an engine's activation buffer: one per column, each with one read of one row per cycle.
struct ActivationBanks {
  int count = 1;
  int row_bytes = 2;

  // That the load unit's port writes at once, each of another bank.
  int beat_rows() const;
  int stripe_bytes() const { return count * row_bytes; }  // one row of every bank
  int row_bits() const { return 8 * row_bytes; }
};

// What a column of the array takes of the activation buffer in a cycle.
int column_bits(const EngineConfig& config, const Family& family);

// A row holds what a column takes in a cycle, a value of 16 bits, and its share of what the post-processor's lanes and
// the load unit move.
ActivationBanks activation_banks(const EngineConfig& config, const Family& family);

struct BankRow {
  std::int64_t bank = 0;
  std::int64_t row = 0;  // from the region's first stripe on

  bool operator==(const BankRow&) const = default;
};

// Where the pixels of a loaded region lie: accelerators/engine/activation_buffer.md has the equations and shows why no
// bank is asked for two rows in a cycle.
//
// A cell is what one output reads of an image row's pixels without a step in its bank's address: a pixel or, unfolded,
// a window row. It is cut into parts, those into rows of row_bits, and no word crosses a row.
struct ActivationLayout {
  ActivationBanks banks;
  int stride_y = 1;  // pixels from a cell to the next one of its phase
  int stride_x = 1;
  int unfold = 0;  // pixels of a cell that is a window row; 0: a cell is a pixel
  int lead_x = 0;  // pixels before the first cell, where unfolded
  int cells = 1;   // of an image row and phase
  int pitch = 1;   // cells between two image rows of a phase
  int skew = 0;    // banks by which each image row begins later; not 0: pitch is a multiple of the banks
  int cell_rows = 1;
  int row_bits = 16;  // of a bank row that are used
  std::int64_t part_bits = 16;
  std::int64_t cell_bits = 16;

  int phases_x() const { return unfold > 0 ? 1 : stride_x; }
  std::int64_t rows_per_part() const { return (part_bits + row_bits - 1) / row_bits; }
  // Bank rows of a stripe of cells, those of all phases.
  std::int64_t stripe_rows() const { return std::int64_t{stride_y} * phases_x() * cell_rows; }

  // Row `r` of the cell at image row y; x: of its first pixel or, unfolded, the cell's number in its row.
  BankRow place(std::int64_t y, std::int64_t x, std::int64_t r) const;
  // The cell's row that holds a bit of the cell, and which of its bits that is.
  std::int64_t row_of(std::int64_t bit) const { return bit / part_bits * rows_per_part() + bit % part_bits / row_bits; }
  std::int64_t bit_in_row(std::int64_t bit) const { return bit % part_bits % row_bits; }

  // What a region of `height` image rows takes; a multiple of the stripe.
  std::int64_t bytes(std::int64_t height) const;
};

// As a load lays its region, and as a tile reads it. The tile must have passed the checks of its shape.
ActivationLayout activation_layout(const lutra_transfer& load, const ActivationBanks& banks);
ActivationLayout activation_layout(const lutra_tile& tile, const EngineConfig& config, const Family& family);

// Bytes of the activation buffer that a tile's region of `height` image rows takes, in whole stripes.
std::int64_t region_bytes(const lutra_tile& tile, std::int64_t height, const EngineConfig& config,
                          const Family& family);

// What tells a load the layout of the tile that will read its region; `gap`: bits that fill a pixel's last byte.
lutra_placement placement(const ActivationLayout& layout, int gap);

// Outputs that a pool, sum or elementwise tile takes in one step: `words` of `values` channels each, which are of one
// pixel or of as many pixels, whichever needs fewer steps.
struct VectorStep {
  int words = 1;
  int values = 1;
};
VectorStep vector_step(const lutra_tile& tile, const ActivationBanks& banks, int post_lanes);

// Cycles in which the load unit's port writes the region. A beat is at most transfer_port_bytes and beat_rows, of one
// cell or, where a cell is a row and pixels lie side by side, of as many whole ones.
std::uint64_t write_cycles(const lutra_transfer& load, const ActivationBanks& banks);

}  // namespace lutra::accelerators
