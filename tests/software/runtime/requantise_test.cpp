#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "software/network/quantised/quantised_network.h"
#include "software/runtime/kernels/post_process.h"
#include "tests/software/compiler/support/random_network.h"

namespace lutra {
namespace {

lutra_requantise entry(const network::Requantise& r) {
  return {.bias_low = static_cast<std::uint32_t>(r.bias),
          .bias_high = static_cast<std::int32_t>(r.bias >> 32),
          .multiplier = r.multiplier,
          .shift = r.shift,
          .reserved = 0};
}

std::int32_t saturated(std::int64_t value) {
  constexpr std::int64_t limit = 1 << 30;
  return static_cast<std::int32_t>(std::clamp(value, -limit, limit));
}

// At the limits themselves both roundings of "saturated" give a value that every use clamps further.
void expect_same(const network::Requantise& r, std::int32_t x) {
  const std::int64_t exact = network::apply(r, x);
  const std::int32_t found = runtime::requantise(entry(r), x);
  EXPECT_EQ(found, saturated(exact)) << x << " * " << r.multiplier << " + " << r.bias << " >> " << int{r.shift};
}

TEST(Requantise, EqualsTheContractAtTheEdges) {
  for (const int shift : {0, 1, 30, 31, 32, 33, 46, 47})
    for (const int multiplier : {0, 1, 32768, 65535})
      for (const std::int64_t bias :
           {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 46, -(std::int64_t{1} << 61)})
        for (const std::int32_t x :
             {0, 1, -1, std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int32_t>::min()})
          expect_same({.multiplier = static_cast<std::uint16_t>(multiplier),
                       .bias = bias,
                       .shift = static_cast<std::uint8_t>(shift)},
                      x);
}

TEST(Requantise, EqualsTheContractEverywhereElse) {
  test::Random random(7);
  for (int i = 0; i < 20000; ++i) {
    network::Requantise r;
    r.multiplier = static_cast<std::uint16_t>(random.within(0, 65535));
    r.shift = static_cast<std::uint8_t>(random.within(0, 47));
    const int bias_bits = random.within(1, 61);
    r.bias =
        (std::int64_t{random.within(-1 << 30, 1 << 30)} << 31 | random.within(0, std::numeric_limits<int>::max())) >>
        (61 - bias_bits);
    expect_same(
        r, random.within(std::numeric_limits<int>::min(), std::numeric_limits<int>::max()) >> random.within(0, 31));
  }
}

}  // namespace
}  // namespace lutra
