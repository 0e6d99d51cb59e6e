#pragma once

#include <cstdint>
#include <vector>

#include "software/quantization/scheme.h"

namespace lutra::quantization {

// How many ranges or scales a search for the least error tries, and below what a tensor has no range: it is zero.
inline constexpr int search_steps = 128;
inline constexpr double negligible = 0x1p-64;

// Counts of a tensor's values in bins of equal width over (-2^e, 2^e), e the smallest that holds every value seen. The
// width doubles exactly when a larger value comes, so the counts depend on the values only, never on their order or on
// how they were split before merging.
class Histogram {
 public:
  static constexpr int bins_per_sign = 4096;

  void add(float value);  // finite
  void merge(const Histogram& other);

  std::uint64_t count() const { return count_; }
  double minimum() const { return minimum_; }
  double maximum() const { return maximum_; }
  double peak() const;  // largest magnitude

  double bin_width() const;
  // Bin i holds magnitudes from i * bin_width() up to, not including, (i + 1) * bin_width().
  const std::vector<std::uint64_t>& positive() const { return positive_; }  // zero included
  const std::vector<std::uint64_t>& negative() const { return negative_; }

 private:
  void widen(int exponent);

  std::vector<std::uint64_t> positive_ = std::vector<std::uint64_t>(bins_per_sign);
  std::vector<std::uint64_t> negative_ = std::vector<std::uint64_t>(bins_per_sign);
  std::uint64_t count_ = 0;
  double minimum_ = 0;
  double maximum_ = 0;
  int exponent_ = -126;  // of the smallest normal float; smaller values fall into bin 0
  double bins_per_unit_ = 0x1p138;
};

// The largest magnitude codes of `bits` should represent: scale = range / (largest code). Positive.
double clipping_range(const Histogram& histogram, int bits, bool is_signed, RangeMethod method, double percentile);

}  // namespace lutra::quantization
