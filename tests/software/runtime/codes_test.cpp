#include "software/runtime/kernels/codes.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/software/compiler/support/random_network.h"

namespace lutra {
namespace {

std::vector<int> random_codes(test::Random& random, int bits, bool is_signed, int count) {
  const int low = is_signed ? -(1 << (bits - 1)) : 0;
  std::vector<int> codes;
  for (int i = 0; i < count; ++i) codes.push_back(random.within(low, low + (1 << bits) - 1));
  return codes;
}

TEST(Codes, StartWithTheLeastSignificantBit) {
  std::vector<std::uint8_t> bytes(2);
  runtime::CodeWriter writer(bytes.data(), 3);
  for (const int code : {1, 2, 7}) writer.put(code);
  writer.flush();
  EXPECT_EQ(bytes, (std::vector<std::uint8_t>{0b11'010'001, 0b1}));
}

TEST(Codes, EveryWayToReadAgreesWithEveryWayToWrite) {
  for (const int bits : {2, 3, 4, 5, 6, 7, 8, 16})
    for (const bool is_signed : {false, true}) {
      SCOPED_TRACE(testing::Message() << bits << " bits, " << (is_signed ? "signed" : "unsigned"));
      test::Random random(static_cast<std::uint64_t>(bits));
      const auto codes = random_codes(random, bits, is_signed, 37);
      const auto width = static_cast<std::uint32_t>(bits);
      std::vector<std::uint8_t> written(80);
      runtime::CodeWriter writer(written.data(), width);
      for (const int code : codes) writer.put(code);
      writer.flush();

      std::vector<std::uint8_t> stored(80);
      for (std::uint32_t i = 0; i < codes.size(); ++i) runtime::store_code(stored.data(), i, width, codes[i]);
      EXPECT_EQ(stored, written);

      std::vector<std::int32_t> unpacked(codes.size());
      runtime::unpack(written.data(), width, is_signed, static_cast<std::uint32_t>(codes.size()), unpacked.data());
      for (std::uint32_t i = 0; i < codes.size(); ++i) {
        EXPECT_EQ(runtime::code_at(written.data(), i, width, is_signed), codes[i]) << i;
        EXPECT_EQ(unpacked[i], codes[i]) << i;
      }
    }
}

TEST(Codes, StoringOneLeavesItsNeighboursAlone) {
  std::vector<std::uint8_t> bytes(4, 0xFF);
  runtime::store_code(bytes.data(), 1, 5, 0);
  EXPECT_EQ(bytes, (std::vector<std::uint8_t>{0b00011111, 0b11111100, 0xFF, 0xFF}));
}

TEST(Codes, UnpackingWithAStrideSpreadsThem) {
  const std::vector<std::uint8_t> bytes{10, 20, 30};
  std::vector<std::uint8_t> target(7, 99);
  runtime::unpack(bytes.data(), 8, false, 3, target.data(), 3);
  EXPECT_EQ(target, (std::vector<std::uint8_t>{10, 99, 99, 20, 99, 99, 30}));
}

TEST(Codes, CopyingWorksAtAnyAlignment) {
  std::vector<std::uint8_t> source(40);
  for (std::size_t i = 0; i < source.size(); ++i) source[i] = static_cast<std::uint8_t>(i + 1);
  for (std::uint32_t from = 0; from < 4; ++from)
    for (std::uint32_t to = 0; to < 4; ++to)
      for (std::uint32_t count : {0u, 1u, 3u, 4u, 9u, 30u}) {
        std::vector<std::uint8_t> target(40);
        runtime::copy_bytes(source.data() + from, count, target.data() + to);
        for (std::uint32_t i = 0; i < count; ++i) ASSERT_EQ(target[to + i], source[from + i]);
        ASSERT_EQ(target[to + count], 0);
      }
}

}  // namespace
}  // namespace lutra
