#include "software/quantization/requantise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "software/common/error.h"

namespace lutra::quantization {
namespace {

using network::apply;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(Requantise, OneAndZeroIsTheIdentity) { EXPECT_EQ(make_requantise(1.0), (network::Requantise{1, 0, 0})); }

TEST(Requantise, HalvesGoUp) {
  const auto half = make_requantise(0.5);
  EXPECT_EQ(apply(half, 1), 1);
  EXPECT_EQ(apply(half, 2), 1);
  EXPECT_EQ(apply(half, 3), 2);
  EXPECT_EQ(apply(half, -1), 0);
  EXPECT_EQ(apply(half, -3), -1);
}

TEST(Requantise, ZeroTimesAnythingIsTheOffset) {
  const auto constant = make_requantise(0.0, -3.25);
  for (const std::int64_t x : {-1000000, 0, 5}) EXPECT_EQ(apply(constant, x), -3);
  EXPECT_EQ(constant.multiplier, 0);
}

TEST(Requantise, IsRealArithmeticWithin16BitsOfMultiplier) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    std::mt19937 engine(seed);
    const auto real = [&] { return static_cast<double>(engine()) / 4294967296.0; };
    const double multiplier = std::ldexp(0.5 + real() / 2, static_cast<int>(engine() % 44) - 28);
    const double offset = (real() - 0.5) * 2000.0;
    const network::Requantise r = make_requantise(multiplier, offset);
    ASSERT_LE(r.shift, 47) << "seed " << seed;
    ASSERT_GE(r.multiplier, 1 << 15) << "seed " << seed;
    for (int i = 0; i < 20; ++i) {
      const std::int64_t x = static_cast<std::int64_t>((real() - 0.5) * 65536.0 / multiplier) % (std::int64_t{1} << 31);
      const double exact = static_cast<double>(x) * multiplier + offset;
      const double tolerance =
          0.5 + std::ldexp(0.5, -r.shift) + std::abs(static_cast<double>(x)) * multiplier * 0x1p-16;
      ASSERT_NEAR(static_cast<double>(apply(r, x)), exact, tolerance) << "seed " << seed << ", x " << x;
    }
  }
}

TEST(Requantise, LosesBitsRatherThanItsMeaningWhereTheMultiplierIsTiny) {
  const auto tiny = make_requantise(0x1.8p-40, 7.0);
  EXPECT_EQ(tiny.shift, 47);
  EXPECT_EQ(tiny.multiplier, 192);
  EXPECT_EQ(apply(tiny, 0), 7);
  EXPECT_EQ(make_requantise(0x1p-80, 7.0).multiplier, 0);
}

TEST(Requantise, KeepsAHugeOffsetWithin64Bits) {
  const auto huge = make_requantise(0x1p-31, 0x1p40);
  EXPECT_EQ(apply(huge, 0), std::int64_t{1} << 40);
  EXPECT_LT(huge.bias, std::int64_t{1} << 55);
}

TEST(Requantise, RefusesWhatItCannotExpress) {
  for (const double multiplier : {-1.0, 65536.0, 65535.9, std::nan(""), std::numeric_limits<double>::infinity()})
    EXPECT_THAT([&] { make_requantise(multiplier); }, ThrowsMessage<Error>(HasSubstr("a rescale by"))) << multiplier;
  for (const double offset : {0x1p45, -0x1p60, std::nan("")})
    EXPECT_THAT([&] { make_requantise(0.5, offset); }, ThrowsMessage<Error>(HasSubstr("offset"))) << offset;
  EXPECT_EQ(apply(make_requantise(65535.0), 3), 3 * 65535);
}

}  // namespace
}  // namespace lutra::quantization
