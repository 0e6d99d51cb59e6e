#include "accelerators/engine/transfer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "tests/accelerators/engine/packed_pixels.h"

namespace lutra::accelerators {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

lutra_transfer load_of(std::uint32_t address, std::uint32_t rows, std::uint32_t columns, std::uint32_t element_bytes,
                       std::uint32_t row_pitch, std::uint32_t column_pitch) {
  lutra_transfer t{};
  t.address = address;
  t.rows = rows;
  t.columns = columns;
  t.element_bytes = element_bytes;
  t.row_pitch = row_pitch;
  t.column_pitch = column_pitch;
  return t;
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> bursts_of(const lutra_transfer& transfer, std::uint32_t limit) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> found;
  Bursts bursts(transfer, limit);
  while (const auto burst = bursts.next()) found.emplace_back(burst->address, burst->bytes);
  return found;
}

TEST(Bursts, MergeRowsThatTouch) {
  EXPECT_THAT(bursts_of(load_of(0x100, 4, 8, 4, 32, 4), 64), ElementsAre(Pair(0x100, 64), Pair(0x140, 64)));
}

TEST(Bursts, NeverCrossAnAlignedBoundary) {
  EXPECT_THAT(bursts_of(load_of(0x130, 1, 1, 100, 0, 0), 64),
              ElementsAre(Pair(0x130, 16), Pair(0x140, 64), Pair(0x180, 20)));
}

TEST(Bursts, TakeRowsApartWhereMemoryDoes) {
  EXPECT_THAT(bursts_of(load_of(0, 2, 3, 4, 100, 4), 64), ElementsAre(Pair(0, 12), Pair(100, 12)));
}

TEST(Bursts, TakeElementsApartWhereMemoryDoes) {
  EXPECT_THAT(bursts_of(load_of(0, 2, 2, 4, 100, 16), 64),
              ElementsAre(Pair(0, 4), Pair(16, 4), Pair(100, 4), Pair(116, 4)));
}

TEST(Bursts, MayReadOneElementManyTimes) {
  EXPECT_THAT(bursts_of(load_of(8, 1, 2, 4, 0, 0), 64), ElementsAre(Pair(8, 4), Pair(8, 4)));
}

// A buffer with padding is what an assignment element by element makes of it.
TEST(Transfers, PlaceEveryElementAndItsPadding) {
  const std::uint32_t seed = 99;
  SCOPED_TRACE("seed " + std::to_string(seed));
  test::Random random(seed);
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    lutra_transfer t = load_of(
        static_cast<std::uint32_t>(random.between(0, 70)), static_cast<std::uint32_t>(random.between(1, 5)),
        static_cast<std::uint32_t>(random.between(1, 6)), static_cast<std::uint32_t>(random.between(1, 9)), 0, 0);
    t.column_pitch = t.element_bytes + static_cast<std::uint32_t>(random.chance(2) ? 0 : random.between(1, 5));
    t.row_pitch = t.columns * t.column_pitch + static_cast<std::uint32_t>(random.chance(2) ? 0 : random.between(1, 9));
    t.offset = static_cast<std::uint32_t>(random.between(0, 10));
    t.pad_top = static_cast<std::uint16_t>(random.between(0, 2));
    t.pad_bottom = static_cast<std::uint16_t>(random.between(0, 2));
    t.pad_left = static_cast<std::uint16_t>(random.between(0, 2));
    t.pad_right = static_cast<std::uint16_t>(random.between(0, 2));
    t.pad_byte = 0xEE;
    std::vector<std::uint8_t> memory(600);
    for (auto& byte : memory) byte = static_cast<std::uint8_t>(random.between(0, 200));

    const std::size_t size = t.offset + footprint_bytes(t);
    std::vector<std::uint8_t> expected(size, 0xAA), buffer(size, 0xAA);
    const std::uint32_t width = t.pad_left + t.columns + t.pad_right;
    const std::uint32_t height = t.pad_top + t.rows + t.pad_bottom;
    for (std::uint32_t y = 0; y < height; ++y)
      for (std::uint32_t x = 0; x < width; ++x)
        for (std::uint32_t byte = 0; byte < t.element_bytes; ++byte) {
          const bool inside = y >= t.pad_top && y < t.pad_top + t.rows && x >= t.pad_left && x < t.pad_left + t.columns;
          expected[t.offset + (y * width + x) * t.element_bytes + byte] =
              inside ? memory[t.address + (y - t.pad_top) * t.row_pitch + (x - t.pad_left) * t.column_pitch + byte]
                     : 0xEE;
        }

    fill_padding(t, buffer);
    Bursts bursts(t, 16);
    std::vector<std::uint8_t> back;
    while (const auto burst = bursts.next()) {
      EXPECT_LE(burst->address % 16 + burst->bytes, 16u);
      const std::span<const std::uint8_t> data(&memory[burst->address], burst->bytes);
      scatter(t, burst->first, data, buffer);
      std::vector<std::uint8_t> gathered(burst->bytes);
      gather(t, burst->first, gathered, buffer);
      EXPECT_TRUE(std::equal(gathered.begin(), gathered.end(), data.begin()));
    }
    EXPECT_EQ(buffer, expected);
  }
}

}  // namespace
}  // namespace lutra::accelerators
