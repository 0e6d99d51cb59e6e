#include "software/quantization/lowering/input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "software/common/error.h"

namespace lutra::quantization {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

std::int64_t code_of(const InputEncoding& input, std::size_t channel, int pixel) {
  return std::clamp<std::int64_t>(network::apply(input.channels[channel], pixel), input.encoding.lowest(),
                                  input.encoding.highest());
}

TEST(InputEncoding, UnshiftedPixelsAreTheirOwnCodes) {
  for (const double range : {1.0, 255.0, 3.7}) {
    const InputEncoding input = encode_input({range, {}, {}}, 3, 8);
    EXPECT_FALSE(input.encoding.is_signed);
    EXPECT_DOUBLE_EQ(input.scale, range / 255);
    for (std::size_t channel = 0; channel < 3; ++channel)
      for (int pixel = 0; pixel < 256; ++pixel) ASSERT_EQ(code_of(input, channel, pixel), pixel);
  }
}

TEST(InputEncoding, ShiftedPixelsAreSignedAndNoneIsClipped) {
  const network::Normalisation torchvision{1.0, {0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}};
  for (int bits = 2; bits <= 8; ++bits) {
    const InputEncoding input = encode_input(torchvision, 3, bits);
    EXPECT_TRUE(input.encoding.is_signed);
    for (std::size_t channel = 0; channel < 3; ++channel)
      for (int pixel = 0; pixel < 256; ++pixel) {
        const double value = (pixel / 255.0 - torchvision.mean[channel]) / torchvision.deviation[channel];
        ASSERT_NEAR(static_cast<double>(code_of(input, channel, pixel)) * input.scale, value, 0.5001 * input.scale)
            << bits << " bits, channel " << channel << ", pixel " << pixel;
      }
  }
}

TEST(InputEncoding, OneMeanServesAllChannels) {
  const InputEncoding input = encode_input({255.0, {128.0}, {64.0}}, 2, 8);
  EXPECT_EQ(input.channels[0], input.channels[1]);
  EXPECT_EQ(code_of(input, 1, 128), 0);
}

TEST(InputEncoding, RefusesAnImpossibleNormalisation) {
  EXPECT_THAT([] { encode_input({1.0, {1, 2}, {}}, 3, 8); }, ThrowsMessage<Error>(HasSubstr("2 values of 'mean'")));
  EXPECT_THAT([] { encode_input({1.0, {}, {0.0}}, 3, 8); }, ThrowsMessage<Error>(HasSubstr("deviation 0")));
  EXPECT_THAT([] { encode_input({-1.0, {}, {}}, 3, 8); }, ThrowsMessage<Error>(HasSubstr("range -1")));
  EXPECT_THAT([] { encode_input({1.0, {std::nan("")}, {}}, 3, 8); }, ThrowsMessage<Error>(HasSubstr("'mean' is nan")));
}

}  // namespace
}  // namespace lutra::quantization
