#include "software/simulation/frames.h"

#include <gmock/gmock.h>

#include "tests/software/scenario/message.h"

namespace lutra::simulation {
namespace {

using test::message_of;
using ::testing::ElementsAre;

TEST(Frames, CodesArePackedFromTheLeastSignificantBit) {
  const std::vector<std::int32_t> codes = {1, 2, 3, -1, 0, 7};
  EXPECT_THAT(pack_pixels(codes, 3, 8), ElementsAre(1, 2, 3, 255, 0, 7));
  // Two pixels of three 4-bit codes; each pixel starts on a byte.
  EXPECT_THAT(pack_pixels(codes, 3, 4), ElementsAre(0x21, 0x03, 0x0F, 0x07));
  // 3-bit codes cross bytes: 1 | 2 << 3 | 3 << 6, then -1 | 0 << 3 | 7 << 6.
  EXPECT_THAT(pack_pixels(codes, 3, 3), ElementsAre(0xD1, 0x00, 0xC7, 0x01));
}

TEST(Frames, ADifferenceNamesFrameLogitAndBothValues) {
  const std::vector<std::int32_t> a = {1, 2, 3}, b = {1, 5, 3}, shorter = {1};
  EXPECT_EQ(message_of([&] { compare_logits(4, a, a); }), "no error");
  EXPECT_THAT(message_of([&] { compare_logits(4, a, b); }),
              testing::StartsWith("frame 4: logit 1 is 2 on the SoC and 5 in the reference"));
  EXPECT_EQ(message_of([&] { compare_logits(0, shorter, a); }), "frame 0: the SoC delivers 1 logits, the reference 3");
}

}  // namespace
}  // namespace lutra::simulation
