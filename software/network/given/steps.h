#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "software/network/quantised/quantised_network.h"

namespace lutra::network::given {

// A function from integers `low`..`high` to integers that never falls: it begins at `first` and reaches first + 1 + i
// from at[i] on.
struct Steps {
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::int64_t first = 0;
  std::vector<std::int64_t> at;  // ascending, each within low + 1..high

  std::int64_t last() const { return first + static_cast<std::int64_t>(at.size()); }
  bool operator==(const Steps&) const = default;
};

using IntegerFunction = std::function<std::int64_t(std::int64_t)>;

// `function` never falls; low <= high.
Steps steps_of(const IntegerFunction& function, std::int64_t low, std::int64_t high);

// How many integers of low..high two functions on it give different values.
std::int64_t count_differences(const Steps& a, const Steps& b);

// What results of a requantise are clamped to.
struct ClampRange {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

inline constexpr int most_multiplier_bits = 31;  // of a Requantise

// The rescale with the narrowest multiplier whose clamped result is that function, everywhere; nothing where there is
// none. `clamp` holds all values of the function.
std::optional<Requantise> fit_exactly(const Steps& steps, const ClampRange& clamp);

// The one that comes nearest, with the widest multiplier.
Requantise fit_nearest(const Steps& steps, const ClampRange& clamp);

// x * factor + offset, rounded half up, as closely as the widest multiplier can. `factor` is not negative.
Requantise rescale(double factor, double offset);

// What a rescale does to low..high.
Steps steps_of(const Requantise& requantise, const ClampRange& clamp, std::int64_t low, std::int64_t high);

}  // namespace lutra::network::given
