#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <type_traits>

namespace lutra {

// The quotient of two numbers that are not negative, rounded up; in the dividend's type.
template <std::integral Integer>
constexpr Integer divide_up(Integer dividend, std::type_identity_t<Integer> divisor) {
  return (dividend + divisor - 1) / divisor;
}

// The least multiple that is no less; of numbers that are not negative, in the value's type.
template <std::integral Integer>
constexpr Integer round_up(Integer value, std::type_identity_t<Integer> multiple) {
  return divide_up(value, multiple) * multiple;
}

// A product of numbers that are not negative, in 64 bits whatever their types.
constexpr std::uint64_t product(std::integral auto... factors) {
  return (std::uint64_t{1} * ... * static_cast<std::uint64_t>(factors));
}

// To the nearest whole number.
inline std::uint64_t part_of(double share, std::uint64_t whole) {
  return static_cast<std::uint64_t>(std::llround(share * static_cast<double>(whole)));
}

}  // namespace lutra
