#pragma once

#include <array>
#include <vector>

#include "accelerators/interface/commands.h"

namespace lutra::compiler {

// Rows [first, first + count) of an image.
struct Rows {
  int first = 0;
  int count = 0;

  int end() const { return first + count; }
  bool operator==(const Rows&) const = default;
};

// How many rows of a feature map the map memory holds: row y lies at place (y + shift) mod rows, over the one that lay
// there before; what lies at the first `again` places lies once more behind the last, so that rows that are read at
// once lie one after another.
struct RowRing {
  int rows = 0;  // 0: all of the map's, each at its own place
  int again = 0;
  int shift = 0;

  int place(int row) const { return rows == 0 ? row : (row + shift) % rows; }
  int places() const { return rows + again; }
};

// Rows that lie one after another, from `place` on.
struct RowsAt {
  Rows rows;
  int place = 0;
};

// Where a ring is to have these rows, each once or twice. At most ring.rows of them where that is not 0.
std::vector<RowsAt> places_of(const Rows& rows, const RowRing& ring);

// An operation's part in a group of operations of which each computes a few rows in turn.
struct Stripes {
  int first = 0;  // operation of the group, in the op table
  int last = 0;
  std::vector<Rows> bands;  // of output rows, one per turn; none: the operation is in no group
  RowRing input, skip, codes, stream;
  // The buffers whose weights or parameters do not outlast a turn, for others of the group need the room.
  std::array<bool, LUTRA_BUFFER_COUNT> shared{};
};

}  // namespace lutra::compiler
