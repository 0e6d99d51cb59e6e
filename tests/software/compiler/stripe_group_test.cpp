#include "software/compiler/stripe_group.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "software/compiler/lowering/layer.h"
#include "software/compiler/mapping/tiling.h"
#include "tests/software/compiler/support/random_network.h"

namespace lutra {
namespace {

using compiler::RowRing;
using compiler::Rows;
using compiler::RowsAt;
using compiler::RowsAtTurn;

// What lies at each place of a ring: the row, or none.
class Memory {
 public:
  explicit Memory(const RowRing& ring) : ring_(ring) {}

  void write(const Rows& rows) {
    for (const RowsAt& at : compiler::places_of(rows, ring_))
      for (int i = 0; i < at.rows.count; ++i) {
        EXPECT_LT(at.place + i, ring_.places());
        at_[at.place + i] = at.rows.first + i;
      }
  }
  // As a transfer reads them: from the place of the first on.
  bool holds(const Rows& rows) const {
    for (int i = 0; i < rows.count; ++i) {
      const auto found = at_.find(ring_.place(rows.first) + i);
      if (found == at_.end() || found->second != rows.first + i) return false;
    }
    return true;
  }

 private:
  RowRing ring_;
  std::map<int, int> at_;
};

TEST(RowRing, HoldsEveryRowFromItsTurnToItsLastInPlacesThatAreReadAtOnce) {
  int rings = 0, twice = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    const int height = random.within(2, 60);
    const int window = random.within(1, std::min(height, 6));
    const int step = random.within(1, 6);
    std::vector<RowsAtTurn> writes, reads;
    int turn = 0, written = 0, read = 0;
    while (written < height) {
      const int rows = std::min(random.within(1, 8), height - written);
      writes.push_back({turn++, {written, rows}});
      written += rows;
      while (read + window <= written && random.chance(90)) {
        const int most = std::min(written - read, window + random.within(0, 4));
        reads.push_back({turn++, {read, most}});
        read += std::min(step, most);
      }
    }
    const RowRing ring = compiler::make_ring(height, writes, reads);
    if (ring.rows == 0) continue;
    ++rings;
    twice += ring.again > 0;
    EXPECT_LT(ring.places(), height);
    EXPECT_LE(ring.again, ring.rows);
    Memory memory(ring);
    auto next = reads.begin();
    for (const RowsAtTurn& write : writes) {
      for (; next != reads.end() && next->turn < write.turn; ++next) ASSERT_TRUE(memory.holds(next->rows));
      memory.write(write.rows);
    }
    for (; next != reads.end(); ++next) ASSERT_TRUE(memory.holds(next->rows));
  }
  EXPECT_GT(rings, 300);
  EXPECT_GT(twice, 200);
}

TEST(RowRing, TakesTheRowsOfAWindowAndThoseThatCrossItsEndOnceMore) {
  std::vector<RowsAtTurn> writes{{0, {0, 5}}}, reads;
  for (int stripe = 0; stripe < 8; ++stripe) {  // 3 rows under each of 4 outputs of a stripe
    if (stripe > 0) writes.push_back({2 * stripe, {1 + 4 * stripe, stripe == 7 ? 3 : 4}});
    const int first = std::max(4 * stripe - 1, 0);
    reads.push_back({2 * stripe + 1, {first, std::min(4 * stripe + 5, 32) - first}});
  }
  const RowRing ring = compiler::make_ring(32, writes, reads);
  EXPECT_EQ(ring.rows, 8);
  EXPECT_EQ(ring.again, 2);
}

TEST(RowRing, HoldsNoMapOfWhichTheFirstRowIsReadLast) {
  const std::vector<RowsAtTurn> writes{{0, {0, 4}}, {1, {4, 4}}};
  const std::vector<RowsAtTurn> reads{{2, {0, 8}}};
  EXPECT_EQ(compiler::make_ring(8, writes, reads).rows, 0);
}

TEST(StripeGroup, ComputesEveryRowOnceAndReadsNoneBeforeItIsThere) {
  int groups = 0, rings = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    test::Random random(seed);
    const auto network = test::random_network(
        seed, {.operations = 7, .most_side = 24, .moves = false, .joins = seed % 2 == 0, .recent = true});
    std::vector<compiler::LoweredOp> ops = compiler::lower(network, false);
    const int count = static_cast<int>(ops.size());
    const int first = random.within(0, count - 2);
    const int last = random.within(first + 1, count - 1);
    if (!std::all_of(ops.begin() + first, ops.begin() + last + 1, compiler::has_tile)) continue;
    const auto group = compiler::make_stripe_group(network, ops, first, last, random.within(1, 5));
    if (!group) continue;
    ++groups;
    std::map<network::EdgeId, Memory> memories;
    std::map<int, int> done;
    for (const auto& [index, band] : group->turns) {
      const compiler::LoweredOp& op = ops[static_cast<std::size_t>(first + index)];
      const compiler::Stripes& stripes = group->stripes[static_cast<std::size_t>(index)];
      const Rows computed = stripes.bands[static_cast<std::size_t>(band)];
      EXPECT_EQ(computed.first, done[index]);
      EXPECT_GT(computed.count, 0);
      done[index] = computed.end();
      const auto read = [&](network::EdgeId edge, const RowRing& ring, const Rows& rows) {
        if (ring.rows == 0) return;
        const auto memory = memories.find(edge);
        ASSERT_NE(memory, memories.end());
        EXPECT_TRUE(memory->second.holds(rows)) << op.name << ", row " << rows.first;
      };
      const auto write = [&](network::EdgeId edge, const RowRing& ring) {
        if (ring.rows == 0) return;
        const auto [memory, is_new] = memories.try_emplace(edge, ring);
        rings += is_new;
        memory->second.write(computed);
      };
      const compiler::Layer layer = compiler::layer_of(op);
      const compiler::Span input = compiler::input_rows(layer, {computed.first, 0, computed.count, 1});
      read(op.input, stripes.input, {input.first, input.count});
      const int stride = op.op.skip_stride_y;
      if (op.skip >= 0) read(op.skip, stripes.skip, {computed.first * stride, (computed.count - 1) * stride + 1});
      write(op.codes, stripes.codes);
      write(op.stream, stripes.stream);
    }
    for (int i = 0; i < group->operations(); ++i)
      EXPECT_EQ(done[i], compiler::layer_of(ops[static_cast<std::size_t>(first + i)]).output_height);
  }
  EXPECT_GT(groups, 100);
  EXPECT_GT(rings, 200);
}

}  // namespace
}  // namespace lutra
