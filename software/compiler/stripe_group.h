#pragma once

#include <optional>
#include <span>
#include <vector>

#include "software/compiler/lowering/lower.h"
#include "software/compiler/mapping/emit.h"

namespace lutra::compiler {

// Engine operations in a row that run stripe by stripe: in each stripe every one of them computes the output rows that
// the stripes so far need of it, each row once. A feature map that nobody else uses needs no more of the map memory
// than the rows that are still to be read.
struct StripeGroup {
  int first = 0;  // operation, in the op table
  int last = 0;
  int rows = 0;  // of the last operation's output, in a stripe
  int count = 0;
  std::vector<Stripes> stripes;  // of each operation
  std::vector<Turn> turns;       // operations counted from `first`

  int operations() const { return last - first + 1; }
};

// Empty where stripes of so many rows hold no feature map: each is used elsewhere, or lives as a whole.
std::optional<StripeGroup> make_stripe_group(const network::QuantisedNetwork& network, std::span<const LoweredOp> ops,
                                             int first, int last, int rows);

// Rows that are written at one turn or read at one.
struct RowsAtTurn {
  int turn = 0;
  Rows rows;
};

// The fewest places for a map of so many rows. A row lives from the first turn that writes it to the last that reads
// it, both included; rows that are written in one turn begin no earlier than those of the turns before, and what a turn
// reads lies together. Of zero rows where the map takes no less as a whole.
RowRing make_ring(int height, std::span<const RowsAtTurn> writes, std::span<const RowsAtTurn> reads);

}  // namespace lutra::compiler
