#include "software/quantization/lowering/activations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "software/network/encoding/encoding.h"

namespace lutra::quantization {
namespace {

using ::testing::ElementsAre;

// Half zeros, the rest falling off, as behind a Relu; or both signs.
Histogram drawn(unsigned seed, bool is_signed, int values = 20000) {
  std::mt19937 engine(seed);
  Histogram histogram;
  for (int i = 0; i < values; ++i) {
    const double u = (static_cast<double>(engine() % 65536) + 0.5) / 65536.0;
    const double magnitude = u * u * u * 3;
    const bool other = engine() % 2 == 0;
    histogram.add(static_cast<float>(other ? (is_signed ? -magnitude : 0.0) : magnitude));
  }
  return histogram;
}

// Squared error of the values in the bins' middles, by the definition of a CodeChoice.
double error_of(const Histogram& histogram, const CodeChoice& codes) {
  const network::ActivationEncoding& encoding = codes.encoding;
  const int zero = network::value_of(encoding, encoding.pad_code);
  double error = 0;
  const auto add = [&](const std::vector<std::uint64_t>& bins, int sign) {
    for (std::size_t bin = 0; bin < bins.size(); ++bin) {
      const double x = sign * (static_cast<double>(bin) + 0.5) * histogram.bin_width();
      const int code = static_cast<int>(std::clamp<double>(std::floor(x / codes.step + 0.5) + encoding.pad_code,
                                                           encoding.lowest(), encoding.highest()));
      const double value = (network::value_of(encoding, code) - zero) * codes.unit;
      error += static_cast<double>(bins[bin]) * (x - value) * (x - value);
    }
  };
  add(histogram.positive(), 1);
  add(histogram.negative(), -1);
  return error;
}

Options options_of(ActivationCoding coding, RequantiseForm form = RequantiseForm::multiplier) {
  Options options;
  options.activations = coding;
  options.requantise = form;
  return options;
}

bool is_power_of_two(double value) {
  int exponent = 0;
  return std::frexp(value, &exponent) == 0.5;
}

TEST(TernaryActivations, NameTheirZeroByThePadCode) {
  const CodeChoice both = choose_activation(drawn(1, true), 2, true, options_of(ActivationCoding::ternary), 1);
  EXPECT_TRUE(both.encoding.is_ternary);
  EXPECT_EQ(both.encoding.pad_code, 0);
  const CodeChoice positive = choose_activation(drawn(1, false), 2, false, options_of(ActivationCoding::ternary), 1);
  EXPECT_TRUE(positive.encoding.is_ternary);
  EXPECT_EQ(positive.encoding.pad_code, -1);
  EXPECT_EQ(positive.unit, positive.step);
}

TEST(TernaryActivations, HaveTheStepOfLeastError) {
  for (const bool is_signed : {false, true}) {
    const Histogram histogram = drawn(2, is_signed);
    const CodeChoice found = choose_activation(histogram, 2, is_signed, options_of(ActivationCoding::ternary), 1);
    const double least = error_of(histogram, found);
    for (int i = 1; i < 300; ++i) {
      CodeChoice other = found;
      other.step = other.unit = 3.0 * i / 300;
      EXPECT_GE(error_of(histogram, other), 0.99 * least) << "step " << other.step;
    }
  }
}

TEST(BitWeightedActivations, AreSumsOfTheirBitsAndNeverWorseThanIntegers) {
  for (const int bits : {2, 3, 4})
    for (const bool is_signed : {false, true}) {
      SCOPED_TRACE(testing::Message() << bits << " bits, signed " << is_signed);
      const Histogram histogram = drawn(3, is_signed);
      const CodeChoice codes = choose_activation(histogram, bits, is_signed, options_of(ActivationCoding::bwa), 1);
      const std::vector<int>& levels = codes.encoding.levels;
      ASSERT_EQ(levels.size(), std::size_t{1} << bits);
      for (std::size_t code = 0; code < levels.size(); ++code) {
        int sum = 0;
        for (int k = 0; k < bits; ++k)
          if (code >> k & 1) sum += levels[std::size_t{1} << k];
        EXPECT_EQ(levels[code], sum);
        EXPECT_GE(levels[code], -128);
        EXPECT_LE(levels[code], 127);
      }
      EXPECT_EQ(codes.encoding.pad_code, 0);
      const CodeChoice integers = choose_integers(histogram, bits, is_signed, options_of(ActivationCoding::bwa), 1);
      EXPECT_LT(error_of(histogram, codes), error_of(histogram, integers));
    }
}

TEST(Activations, ArePlainIntegersAtOtherWidths) {
  const Histogram histogram = drawn(4, false);
  EXPECT_FALSE(choose_activation(histogram, 8, false, options_of(ActivationCoding::ternary), 1).encoding.is_ternary);
  EXPECT_TRUE(choose_activation(histogram, 5, false, options_of(ActivationCoding::bwa), 1).encoding.levels.empty());
}

TEST(Activations, AreTheirRootTimesAPowerOfTwoWithShifts) {
  constexpr double root = 0.0137;
  for (const auto range : {RangeMethod::minimum_maximum, RangeMethod::percentile, RangeMethod::mean_squared_error})
    for (const auto coding : {ActivationCoding::uniform, ActivationCoding::ternary, ActivationCoding::bwa})
      for (const bool is_signed : {false, true}) {
        Options options = options_of(coding, RequantiseForm::shift);
        options.range = range;
        const CodeChoice codes = choose_activation(drawn(5, is_signed), 2, is_signed, options, root);
        EXPECT_TRUE(is_power_of_two(codes.step / root)) << codes.step;
        EXPECT_TRUE(is_power_of_two(codes.unit / root)) << codes.unit;
      }
}

TEST(Activations, HaveAStepEvenWhenAllAreZero) {
  Histogram zeros;
  for (int i = 0; i < 100; ++i) zeros.add(0.0F);
  for (const auto coding : {ActivationCoding::uniform, ActivationCoding::ternary, ActivationCoding::bwa}) {
    const CodeChoice codes = choose_activation(zeros, 2, false, options_of(coding), 1);
    EXPECT_GT(codes.step, 0);
    EXPECT_GT(codes.unit, 0);
  }
}

}  // namespace
}  // namespace lutra::quantization
