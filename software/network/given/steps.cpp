#include "software/network/given/steps.h"

#include <algorithm>
#include <cmath>

namespace lutra::network::given {

namespace {

__extension__ using Wide = __int128;

constexpr int highest_shift = 47;
constexpr Wide bias_limit = Wide{1} << 54;
constexpr std::int64_t most_multiplier = (std::int64_t{1} << most_multiplier_bits) - 1;

// For a multiplier M and a shift S: B has to lie within low..high. `up` tells which way M has to go where it does not.
struct BiasRange {
  Wide low = -bias_limit;
  Wide high = bias_limit;
  std::int64_t low_from = 0;  // the integers that set the two ends
  std::int64_t high_from = 0;

  bool is_possible() const { return low <= high; }
};

class Conditions {
 public:
  // Every `stride`-th step.
  Conditions(const Steps& steps, const ClampRange& clamp, std::size_t stride) {
    for (std::size_t i = 0; i < steps.at.size(); i += stride) add(steps, steps.at[i], i);
    if (!steps.at.empty() && (steps.at.size() - 1) % stride != 0) add(steps, steps.at.back(), steps.at.size() - 1);
    if (steps.first > clamp.low) reached_.push_back({steps.low, steps.first});
    if (steps.last() < clamp.high) missed_.push_back({steps.high, steps.last() + 1});
  }

  BiasRange biases(std::int64_t multiplier, int shift) const {
    BiasRange range;
    for (const auto& [x, value] : reached_) {
      const Wide bias = (Wide{value} << shift) - Wide{x} * multiplier;
      if (bias > range.low) range.low = bias, range.low_from = x;
    }
    for (const auto& [x, value] : missed_) {
      const Wide bias = (Wide{value} << shift) - 1 - Wide{x} * multiplier;
      if (bias < range.high) range.high = bias, range.high_from = x;
    }
    return range;
  }

 private:
  struct Point {
    std::int64_t x, value;
  };

  void add(const Steps& steps, std::int64_t x, std::size_t i) {
    const std::int64_t value = steps.first + 1 + static_cast<std::int64_t>(i);
    reached_.push_back({x, value});
    missed_.push_back({x - 1, value});
  }

  std::vector<Point> reached_;  // the result of x is at least the value
  std::vector<Point> missed_;   // or below it
};

// high - low is concave in M, so bisection finds the M of most room.
std::optional<Requantise> fit_shift(const Conditions& conditions, int shift, std::int64_t low, std::int64_t high) {
  while (low <= high) {
    const std::int64_t multiplier = low + (high - low) / 2;
    const BiasRange range = conditions.biases(multiplier, shift);
    if (range.is_possible()) {
      const Wide bias = range.low + (range.high - range.low) / 2;
      return Requantise{static_cast<std::uint32_t>(multiplier), static_cast<std::int64_t>(bias),
                        static_cast<std::uint8_t>(shift)};
    }
    if (range.low_from > range.high_from)  // the gap closes as M grows
      low = multiplier + 1;
    else
      high = multiplier - 1;
  }
  return std::nullopt;
}

// Values per integer, between the outer steps; 0 where there are fewer than two.
double slope_of(const Steps& steps) {
  if (steps.at.size() < 2 || steps.at.back() == steps.at.front()) return 0;
  return static_cast<double>(steps.at.size() - 1) / static_cast<double>(steps.at.back() - steps.at.front());
}

struct MultiplierRange {
  std::int64_t low, high;
};

// Where the multiplier lies: near the slope, if several steps say what it is.
MultiplierRange multipliers(const Steps& steps, int shift) {
  constexpr std::size_t many = 8;
  const double slope = slope_of(steps);
  if (steps.at.size() < many || slope == 0) return {0, most_multiplier};
  const double ideal = std::ldexp(slope, shift);
  const double span = static_cast<double>(steps.at.back() - steps.at.front());
  const double error = 4 * ideal / span + 4 * ideal / static_cast<double>(steps.at.size()) + 1;
  return {std::clamp(static_cast<std::int64_t>(std::min(ideal - error, 0x1p40)), std::int64_t{0}, most_multiplier + 1),
          std::clamp(static_cast<std::int64_t>(std::min(ideal + error, 0x1p40)), std::int64_t{-1}, most_multiplier)};
}

}  // namespace

Steps steps_of(const IntegerFunction& function, std::int64_t low, std::int64_t high) {
  Steps steps{low, high, function(low), {}};
  const std::int64_t last = function(high);
  std::int64_t below = low;  // the function is below the value there
  std::int64_t gap = 1;
  for (std::int64_t value = steps.first + 1; value <= last; ++value) {
    // The step lies in below..above; steps are about equally far apart.
    std::int64_t reach = std::max<std::int64_t>(gap, 1);
    std::int64_t above = std::min(high, below + reach);
    while (function(above) < value) {
      below = above;
      reach *= 2;
      above = std::min(high, below + reach);
    }
    while (above - below > 1) {
      const std::int64_t middle = below + (above - below) / 2;
      (function(middle) < value ? below : above) = middle;
    }
    if (!steps.at.empty()) gap = above - steps.at.back();
    steps.at.push_back(above);
    below = above - 1;
  }
  return steps;
}

Steps steps_of(const Requantise& requantise, const ClampRange& clamp, std::int64_t low, std::int64_t high) {
  const auto function = [&](std::int64_t x) { return std::clamp(apply(requantise, x), clamp.low, clamp.high); };
  return steps_of(function, low, high);
}

std::int64_t count_differences(const Steps& a, const Steps& b) {
  std::int64_t count = 0;
  std::size_t i = 0;
  std::size_t j = 0;
  std::int64_t from = a.low;
  while (from <= a.high) {
    const std::int64_t next_a = i < a.at.size() ? a.at[i] : a.high + 1;
    const std::int64_t next_b = j < b.at.size() ? b.at[j] : b.high + 1;
    const std::int64_t next = std::min(next_a, next_b);
    if (a.first + static_cast<std::int64_t>(i) != b.first + static_cast<std::int64_t>(j)) count += next - from;
    from = std::max(from, next);
    if (next > a.high) break;
    while (i < a.at.size() && a.at[i] == next) ++i;
    while (j < b.at.size() && b.at[j] == next) ++j;
  }
  return count;
}

std::optional<Requantise> fit_exactly(const Steps& steps, const ClampRange& clamp) {
  constexpr std::size_t sample = 64;
  const Conditions some(steps, clamp, steps.at.size() > sample * 4 ? steps.at.size() / sample : 1);
  const Conditions all(steps, clamp, 1);
  for (int shift = 0; shift <= highest_shift; ++shift) {
    const auto [low, high] = multipliers(steps, shift);
    if (low > most_multiplier) break;
    if (!fit_shift(some, shift, low, high)) continue;
    if (const auto fitted = fit_shift(all, shift, low, high)) return fitted;
  }
  return std::nullopt;
}

Requantise fit_nearest(const Steps& steps, const ClampRange& clamp) {
  const double slope = slope_of(steps);
  int shift = highest_shift;
  while (shift > 0 && std::ldexp(slope, shift) > static_cast<double>(most_multiplier)) --shift;
  const Conditions conditions(steps, clamp, 1);
  const auto middle = static_cast<std::int64_t>(std::ldexp(slope, shift) + 0.5);
  std::optional<Requantise> best;
  std::int64_t fewest = 0;
  for (std::int64_t multiplier = std::max<std::int64_t>(middle - 2, 0);
       multiplier <= std::min(middle + 2, most_multiplier); ++multiplier) {
    const BiasRange range = conditions.biases(multiplier, shift);
    const Requantise candidate{static_cast<std::uint32_t>(multiplier),
                               static_cast<std::int64_t>(range.low + (range.high - range.low) / 2),
                               static_cast<std::uint8_t>(shift)};
    const std::int64_t different = count_differences(steps, steps_of(candidate, clamp, steps.low, steps.high));
    if (!best || different < fewest) {
      best = candidate;
      fewest = different;
    }
  }
  return *best;
}

Requantise rescale(double factor, double offset) {
  int exponent = 0;
  std::frexp(factor, &exponent);
  const int shift = std::clamp(most_multiplier_bits - 1 - exponent, 0, 38);
  const auto multiplier = static_cast<std::int64_t>(std::floor(std::ldexp(factor, shift) + 0.5));
  return {static_cast<std::uint32_t>(multiplier),
          static_cast<std::int64_t>(std::floor(std::ldexp(offset + 0.5, shift))), static_cast<std::uint8_t>(shift)};
}

}  // namespace lutra::network::given
