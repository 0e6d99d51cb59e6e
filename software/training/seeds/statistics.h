#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace lutra::training {

// Of numbers drawn alike. Absent where there are too few: a deviation takes two.
struct Spread {
  std::size_t count = 0;
  double mean = 0;
  std::optional<double> deviation;   // of the sample, divisor count - 1
  std::optional<double> half_width;  // of the mean's interval of 95 % confidence, Student's t
};

// Throws Error where there are no numbers.
Spread spread_of(const std::vector<double>& values);

// Of pairs' differences, left less right.
struct PairedDifference {
  Spread spread;
  std::optional<double> p;  // two-sided, of Student's paired t test; absent below two pairs, or where all are equal
};

// As many of one as of the other. Throws Error where that is not so or there are none.
PairedDifference paired_difference(const std::vector<double>& left, const std::vector<double>& right);

// Pairs that a paired t test at 5 %, two-sided, needs to see a mean difference of `difference` with a power of 80 %
// where differences deviate by `deviation`: the least n of at least 2 with
//   n >= ((t(0.975, n - 1) + t(0.8, n - 1)) deviation / difference)^2
// (Chow, Shao, Wang: Sample Size Calculations in Clinical Research, 3rd ed., section 3.2).
// Absent above 10,000. `difference` > 0.
std::optional<std::size_t> pairs_needed(double deviation, double difference);

}  // namespace lutra::training
