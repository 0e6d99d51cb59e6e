#include "software/compiler/lowering/thresholds.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/software/compiler/support/random_network.h"

namespace lutra::compiler {
namespace {

__extension__ using Wide = __int128;

Wide apply(const lutra_requantise& r, Wide x) { return (x * lutra_multiplier(&r) + lutra_bias(&r)) >> r.shift; }

// The formulas of software/network/quantised/quantised_network.h.
int code(const LoweredOp& lowered, std::size_t channel, bool direct, std::int64_t value) {
  const lutra_op& op = lowered.op;
  Wide stream = value;
  if (direct) stream = std::clamp<Wide>(apply(lowered.scale[channel], value), -32768, 32767);
  if (op.flags & LUTRA_OP_REQUANTISE) stream = apply(op.code_requantise, stream);
  return static_cast<int>(std::clamp<Wide>(stream, op.code_low, op.code_high));
}

int by_thresholds(const LoweredOp& lowered, const Thresholds& thresholds, std::size_t channel, std::int64_t value) {
  const auto count = static_cast<std::size_t>(lowered.op.code_high - lowered.op.code_low);
  const auto first = thresholds.values.begin() + static_cast<std::ptrdiff_t>(channel * count);
  const auto reached = std::count_if(first, first + static_cast<std::ptrdiff_t>(count),
                                     [&](std::int32_t threshold) { return value >= threshold; });
  return lowered.op.code_low + static_cast<int>(reached);
}

lutra_requantise random_requantise(test::Random& random) {
  const int shift = random.within(0, 47);
  const std::int64_t bias = std::int64_t{random.within(-(1 << 20), 1 << 20)} * (std::int64_t{1} << shift) / 4096;
  const int multiplier = random.chance(10) ? 0 : random.within(0, 65535) >> random.within(0, 15);
  return {static_cast<std::uint32_t>(bias), static_cast<std::int32_t>(bias >> 32),
          static_cast<std::uint16_t>(multiplier), static_cast<std::uint8_t>(shift), 0};
}

LoweredOp random_op(test::Random& random) {
  LoweredOp lowered;
  lowered.op.flags = LUTRA_OP_CODES;
  if (random.chance(50)) lowered.op.flags |= LUTRA_OP_REQUANTISE;
  if (random.chance(40)) lowered.op.flags |= LUTRA_OP_STREAM;
  for (int k = random.within(1, 4); k > 0; --k) lowered.scale.push_back(random_requantise(random));
  lowered.op.code_requantise = random_requantise(random);
  lowered.op.code_low = random.within(-8, 0);
  lowered.op.code_high = lowered.op.code_low + random.within(0, LUTRA_MOST_THRESHOLDS);
  return lowered;
}

TEST(Thresholds, StandForAnyRequantiseExactly) {
  const std::uint64_t seed = 7;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  test::Random random(seed);
  int codes_seen = 0;
  for (int round = 0; round < 1000; ++round) {
    SCOPED_TRACE(testing::Message() << "round " << round);
    const LoweredOp lowered = random_op(random);
    const Thresholds thresholds = thresholds_of(lowered);
    ASSERT_EQ(thresholds.direct, (lowered.op.flags & LUTRA_OP_STREAM) == 0);
    ASSERT_EQ(static_cast<std::size_t>(thresholds.entries), thresholds.direct ? lowered.scale.size() : 1);
    const std::int64_t reach = thresholds.direct ? (std::int64_t{1} << 30) - 1 : 32767;  // sums of 31 bits
    std::vector<std::int64_t> values{-reach - 1, reach, 0};
    for (int i = 0; i < 30; ++i) values.push_back(random.within(-(1 << 30), (1 << 30) - 1) >> random.within(0, 29));
    for (const std::int32_t threshold : thresholds.values)
      for (const int beside : {-1, 0}) values.push_back(std::int64_t{threshold} + beside);
    for (std::int64_t value : values) {
      value = std::clamp<std::int64_t>(value, -reach - 1, reach);
      for (std::size_t k = 0; k < static_cast<std::size_t>(thresholds.entries); ++k) {
        const int wanted = code(lowered, k, thresholds.direct, value);
        ASSERT_EQ(by_thresholds(lowered, thresholds, k, value), wanted) << value;
        codes_seen += wanted > lowered.op.code_low && wanted < lowered.op.code_high;
      }
    }
  }
  EXPECT_GT(codes_seen, 1000);
}

TEST(Thresholds, LeaveCodesOfMoreThanFourBitsToTheRequantiser) {
  LoweredOp lowered;
  lowered.op.flags = LUTRA_OP_CODES;
  lowered.scale = {{0, 0, 1, 0, 0}};
  lowered.op.code_high = 16;
  EXPECT_EQ(thresholds_of(lowered).entries, 0);
  lowered.op.code_high = 15;
  EXPECT_EQ(thresholds_of(lowered).entries, 1);
  lowered.op.flags = LUTRA_OP_STREAM;
  EXPECT_EQ(thresholds_of(lowered).entries, 0);
}

}  // namespace
}  // namespace lutra::compiler
