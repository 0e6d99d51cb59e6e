#pragma once

#include <cstdint>

namespace lutra {

// 0 of nothing.
constexpr double percent(double part, double whole) { return whole == 0 ? 0 : 100 * part / whole; }
constexpr double percent(std::uint64_t part, std::uint64_t whole) {
  return percent(static_cast<double>(part), static_cast<double>(whole));
}

}  // namespace lutra
