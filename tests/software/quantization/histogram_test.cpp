#include "software/quantization/calibration/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace lutra::quantization {
namespace {

std::vector<float> normal_values(unsigned seed, int count) {
  std::mt19937 engine(seed);
  std::vector<float> values;
  for (int i = 0; i < count; ++i) {
    float sum = -6;
    for (int j = 0; j < 12; ++j) sum += static_cast<float>(engine() % 65536) / 65536.0F;
    values.push_back(sum);
  }
  return values;
}

Histogram histogram_of(const std::vector<float>& values) {
  Histogram histogram;
  for (const float value : values) histogram.add(value);
  return histogram;
}

void expect_equal(const Histogram& a, const Histogram& b) {
  EXPECT_EQ(a.count(), b.count());
  EXPECT_EQ(a.minimum(), b.minimum());
  EXPECT_EQ(a.maximum(), b.maximum());
  EXPECT_EQ(a.bin_width(), b.bin_width());
  EXPECT_EQ(a.positive(), b.positive());
  EXPECT_EQ(a.negative(), b.negative());
}

TEST(Histogram, CountsAreThoseOfTheValuesInAnyOrderAndAnyParts) {
  std::vector<float> values = normal_values(1, 2000);
  for (float& value : values) value *= value * value;
  values.insert(values.end(), {0.0F, -0.0F, 1e-30F, -3e-9F, 700.0F, 1.0F, 2.0F, 1024.0F});
  const Histogram forward = histogram_of(values);
  std::vector<float> sorted = values;
  std::sort(sorted.begin(), sorted.end(), [](float a, float b) { return std::abs(a) < std::abs(b); });
  expect_equal(histogram_of(sorted), forward);
  Histogram merged = histogram_of({values.begin(), values.begin() + 700});
  merged.merge(histogram_of({values.begin() + 700, values.end()}));
  merged.merge(Histogram());
  expect_equal(merged, forward);
  Histogram reversed = histogram_of({values.begin() + 700, values.end()});
  reversed.merge(histogram_of({values.begin(), values.begin() + 700}));
  expect_equal(reversed, forward);
}

TEST(Histogram, EveryValueIsInTheBinOfItsMagnitude) {
  const Histogram histogram = histogram_of({0.0F, 0.3F, 0.3F, -0.75F, 3.999F});
  EXPECT_EQ(histogram.bin_width(), 4.0 / Histogram::bins_per_sign);
  const auto bin = [&](double magnitude) { return static_cast<std::size_t>(magnitude / histogram.bin_width()); };
  EXPECT_EQ(histogram.positive()[0], 1U);
  EXPECT_EQ(histogram.positive()[bin(0.3F)], 2U);
  EXPECT_EQ(histogram.negative()[bin(0.75)], 1U);
  EXPECT_EQ(histogram.positive()[bin(3.999F)], 1U);
  EXPECT_EQ(histogram.minimum(), -0.75);
  EXPECT_EQ(histogram.peak(), 3.999F);
}

TEST(ClippingRange, MinimumMaximumIsThePeak) {
  const Histogram histogram = histogram_of({-3.0F, 2.0F, 0.1F});
  EXPECT_EQ(clipping_range(histogram, 8, true, RangeMethod::minimum_maximum, 0), 3.0);
}

TEST(ClippingRange, PercentileLeavesTheRestOutside) {
  std::vector<float> values(1000);
  std::iota(values.begin(), values.end(), 0.0F);
  const Histogram histogram = histogram_of(values);
  EXPECT_NEAR(clipping_range(histogram, 8, false, RangeMethod::percentile, 90.0), 900.0, 1.0);
  EXPECT_EQ(clipping_range(histogram, 8, false, RangeMethod::percentile, 100.0), 999.0);
  for (int i = 0; i < 1000; ++i) values.push_back(static_cast<float>(-i));
  EXPECT_NEAR(clipping_range(histogram_of(values), 8, true, RangeMethod::percentile, 90.0), 900.0, 1.0);
}

double squared_error(const std::vector<float>& values, double range, int bits, bool is_signed) {
  const double highest = is_signed ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;
  const double lowest = is_signed ? -highest - 1 : 0;
  const double scale = range / highest;
  double error = 0;
  for (const float value : values) {
    const double difference = value - std::clamp(std::round(value / scale), lowest, highest) * scale;
    error += difference * difference;
  }
  return error;
}

TEST(ClippingRange, LeastErrorIsNoWorseThanAnyOtherRange) {
  for (const bool is_signed : {true, false})
    for (const int bits : {2, 3, 4, 6, 8}) {
      std::vector<float> values = normal_values(9, 5000);
      values.push_back(11.0F);
      if (!is_signed)
        for (float& value : values) value = std::max(value, 0.0F);
      const Histogram histogram = histogram_of(values);
      const double best = clipping_range(histogram, bits, is_signed, RangeMethod::mean_squared_error, 0);
      const double error = squared_error(values, best, bits, is_signed);
      for (int step = 1; step <= 32; ++step)
        EXPECT_LE(error, 1.02 * squared_error(values, 11.0 * step / 32, bits, is_signed))
            << bits << " bits, range " << 11.0 * step / 32 << " against " << best;
    }
}

TEST(ClippingRange, IsPositiveEvenWhenAllAreZero) {
  for (const auto method : {RangeMethod::minimum_maximum, RangeMethod::percentile, RangeMethod::mean_squared_error}) {
    EXPECT_EQ(clipping_range(histogram_of({0.0F, 0.0F}), 8, false, method, 99.0), 1.0);
    EXPECT_EQ(clipping_range(Histogram(), 8, false, method, 99.0), 1.0);
  }
}

}  // namespace
}  // namespace lutra::quantization
