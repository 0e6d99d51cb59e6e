#include "software/runtime/kernels/copy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace lutra::runtime {
namespace {

struct Bytes {
  explicit Bytes(std::uint8_t first) : values(256) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::uint8_t>(first + 7 * i);
  }
  std::vector<std::uint8_t> values;
};

TEST(CopyWords, MovesEveryNumberOfBytesBetweenEveryTwoPlacesAndNothingElse) {
  for (std::uint32_t from = 0; from < 8; ++from)
    for (std::uint32_t to = 0; to < 8; ++to)
      for (std::uint32_t count = 0; count < 80; ++count) {
        const Bytes source(1);
        Bytes target(101);
        std::vector<std::uint8_t> expected = target.values;
        std::copy_n(source.values.begin() + from, count, expected.begin() + to);
        copy_words(source.values.data() + from, count, target.values.data() + to);
        ASSERT_EQ(target.values, expected) << count << " bytes from " << from << " to " << to;
      }
}

TEST(CopyWords, MovesPiecesByTheirSteps) {
  for (std::uint32_t bytes = 1; bytes <= 12; ++bytes)
    for (std::uint32_t source_step = bytes; source_step <= 16; ++source_step)
      for (std::uint32_t target_step = bytes; target_step <= 16; ++target_step) {
        const Bytes source(3);
        Bytes target(51);
        std::vector<std::uint8_t> expected = target.values;
        for (std::uint32_t i = 0; i < 9; ++i)
          std::copy_n(source.values.begin() + 4 + i * source_step, bytes, expected.begin() + 8 + i * target_step);
        copy_pieces({bytes, 9, source_step, target_step}, source.values.data() + 4, target.values.data() + 8);
        ASSERT_EQ(target.values, expected) << bytes << " bytes by " << source_step << " and " << target_step;
      }
}

}  // namespace
}  // namespace lutra::runtime
