#include "software/compiler/stripe_group.h"

#include <algorithm>

#include "software/common/arithmetic.h"
#include "software/compiler/mapping/tiling.h"

namespace lutra::compiler {

namespace {

using network::EdgeId;

int output_height(const LoweredOp& op) { return layer_of(op).output_height; }

Rows input_under(const Layer& layer, const Rows& outputs) {
  const Span span = input_rows(layer, {outputs.first, 0, outputs.count, 1});
  return {span.first, span.count};
}

Rows skip_under(const LoweredOp& op, const Rows& outputs) {
  const int stride = op.op.skip_stride_y;
  return {outputs.first * stride, (outputs.count - 1) * stride + 1};
}

class Group {
 public:
  Group(const network::QuantisedNetwork& network, std::span<const LoweredOp> ops, int first, int last, int rows)
      : network_(network), ops_(ops), group_{first, last, rows, 0, {}, {}} {
    for (int i = first; i <= last; ++i) layers_.push_back(layer_of(op(i)));
  }

  std::optional<StripeGroup> make() {
    const int height = output_height(op(group_.last));
    group_.count = divide_up(height, group_.rows);
    if (group_.count < 2) return std::nullopt;
    group_.stripes.resize(layers_.size());
    for (Stripes& stripes : group_.stripes) {
      stripes.first = group_.first;
      stripes.last = group_.last;
    }
    take_turns();
    bool any = false;
    for (const EdgeId edge : written()) any |= keep_rows(edge);
    return any ? std::optional(std::move(group_)) : std::nullopt;
  }

 private:
  const LoweredOp& op(int i) const { return ops_[static_cast<std::size_t>(i)]; }
  const Layer& layer(int i) const { return layers_[static_cast<std::size_t>(i - group_.first)]; }
  Stripes& stripes(int i) { return group_.stripes[static_cast<std::size_t>(i - group_.first)]; }
  bool within(std::size_t i) const { return static_cast<int>(i) >= group_.first && static_cast<int>(i) <= group_.last; }

  // How many rows of each operation's output stripe `stripe` and those before it need.
  std::vector<int> needed_rows(int stripe) const {
    std::vector<int> needed(layers_.size());
    for (int i = group_.last; i >= group_.first; --i) {
      const int height = layer(i).output_height;
      const bool ends = stripe + 1 == group_.count;
      int rows = ends ? height : read_rows(i, needed);
      if (rows < 0) rows = divide_up(height * (stripe + 1), group_.count);  // nobody in the group reads it
      if (i == group_.last && !ends) rows = std::min(height, group_.rows * (stripe + 1));
      needed[static_cast<std::size_t>(i - group_.first)] = std::min(rows, height);
    }
    return needed;
  }

  // Of what operation `writer` writes, the rows that others of the group need for `needed` rows of their own; -1: none
  // of them reads it.
  int read_rows(int writer, const std::vector<int>& needed) const {
    int most = -1;
    const auto writes = [&](EdgeId edge) {
      return edge >= 0 && (op(writer).codes == edge || op(writer).stream == edge);
    };
    for (int i = writer + 1; i <= group_.last; ++i) {
      const Rows outputs{0, needed[static_cast<std::size_t>(i - group_.first)]};
      if (writes(op(i).input)) most = std::max(most, outputs.count == 0 ? 0 : input_under(layer(i), outputs).end());
      if (writes(op(i).skip)) most = std::max(most, outputs.count == 0 ? 0 : skip_under(op(i), outputs).end());
    }
    return most;
  }

  void take_turns() {
    std::vector<int> done(layers_.size(), 0);
    for (int stripe = 0; stripe < group_.count; ++stripe) {
      const std::vector<int> needed = needed_rows(stripe);
      for (std::size_t i = 0; i < needed.size(); ++i) {
        if (needed[i] <= done[i]) continue;
        std::vector<Rows>& bands = group_.stripes[i].bands;
        group_.turns.push_back({static_cast<int>(i), static_cast<int>(bands.size())});
        bands.push_back({done[i], needed[i] - done[i]});
        done[i] = needed[i];
      }
    }
  }

  std::vector<EdgeId> written() const {
    std::vector<EdgeId> edges;
    for (int i = group_.first; i <= group_.last; ++i)
      for (const EdgeId edge : {op(i).codes, op(i).stream})
        if (edge >= 0 && std::find(edges.begin(), edges.end(), edge) == edges.end()) edges.push_back(edge);
    return edges;
  }

  // That no operation outside uses it, and every one that does sees all of its rows.
  bool is_own(EdgeId edge) const {
    if (edge == network_.output || edge == network_.input.edge) return false;
    const auto height = static_cast<std::uint32_t>(network_.edges[static_cast<std::size_t>(edge)].shape.height);
    for (std::size_t i = 0; i < ops_.size(); ++i) {
      lutra_op tensors = ops_[i].op;
      bool fits = true;
      for_each_tensor(ops_[i], tensors, [&](const lutra_tensor& tensor, EdgeId used) {
        if (used == edge) fits = fits && within(i) && tensor.height == height;
      });
      if (!fits) return false;
    }
    return true;
  }

  bool keep_rows(EdgeId edge) {
    if (!is_own(edge)) return false;
    std::vector<RowsAtTurn> writes, reads;
    for (std::size_t turn = 0; turn < group_.turns.size(); ++turn) {
      const auto [index, band] = group_.turns[turn];
      const int i = group_.first + index;
      const Rows outputs = stripes(i).bands[static_cast<std::size_t>(band)];
      const int at = static_cast<int>(turn);
      if (op(i).codes == edge || op(i).stream == edge) writes.push_back({at, outputs});
      if (op(i).input == edge) reads.push_back({at, input_under(layer(i), outputs)});
      if (op(i).skip == edge) reads.push_back({at, skip_under(op(i), outputs)});
    }
    const RowRing ring = make_ring(network_.edges[static_cast<std::size_t>(edge)].shape.height, writes, reads);
    if (ring.rows == 0) return false;
    for (int i = group_.first; i <= group_.last; ++i) {
      if (op(i).input == edge) stripes(i).input = ring;
      if (op(i).skip == edge) stripes(i).skip = ring;
      if (op(i).codes == edge) stripes(i).codes = ring;
      if (op(i).stream == edge) stripes(i).stream = ring;
    }
    return true;
  }

  const network::QuantisedNetwork& network_;
  std::span<const LoweredOp> ops_;
  StripeGroup group_;
  std::vector<Layer> layers_;
};

}  // namespace

std::optional<StripeGroup> make_stripe_group(const network::QuantisedNetwork& network, std::span<const LoweredOp> ops,
                                             int first, int last, int rows) {
  return Group(network, ops, first, last, rows).make();
}

RowRing make_ring(int height, std::span<const RowsAtTurn> writes, std::span<const RowsAtTurn> reads) {
  const auto count = static_cast<std::size_t>(height);
  std::vector<int> begins(count, -1);  // each row's first and last turn; -1: never written
  std::vector<int> ends(count, -1);
  const auto visit = [](const RowsAtTurn& at, const auto& each) {
    for (int row = at.rows.first; row < at.rows.end(); ++row) each(static_cast<std::size_t>(row), at.turn);
  };
  for (const RowsAtTurn& write : writes)
    visit(write, [&](std::size_t row, int turn) {
      if (begins[row] < 0) begins[row] = turn;
      ends[row] = std::max(ends[row], turn);
    });
  for (const RowsAtTurn& read : reads)
    visit(read, [&](std::size_t row, int turn) { ends[row] = std::max(ends[row], turn); });

  const auto holds = [&](int rows) {  // a row is dead before the next at its place begins
    for (std::size_t row = 0; row + static_cast<std::size_t>(rows) < count; ++row)
      if (begins[row + static_cast<std::size_t>(rows)] <= ends[row]) return false;
    return true;
  };
  const auto worth = [](const RowRing& ring) { return std::pair(ring.places(), ring.again); };
  RowRing best{.rows = height};
  for (int rows = 1; rows < std::min(height, best.places() + 1); ++rows) {
    if (!holds(rows)) continue;
    for (int shift = 0; shift < rows; ++shift) {
      RowRing ring{rows, 0, shift};
      for (const RowsAtTurn& read : reads)
        ring.again = std::max(ring.again, ring.place(read.rows.first) + read.rows.count - rows);
      if (worth(ring) < worth(best)) best = ring;
    }
  }
  return best.rows == height ? RowRing{} : best;
}

}  // namespace lutra::compiler
