#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "software/network/quantised/quantised_network.h"
#include "software/runtime/kernels/post_process.h"
#include "tests/software/compiler/support/random_network.h"

namespace lutra {
namespace {

lutra_requantise entry(const network::Requantise& r) { return lutra_requantise_of(r.multiplier, r.bias, r.shift); }

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
    for (const int multiplier : {0, 1, 32768, 65535, 65536, 2147483647})
      for (const std::int64_t bias :
           {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 46, -(std::int64_t{1} << 54)})
        for (const std::int32_t x :
             {0, 1, -1, std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int32_t>::min()})
          expect_same({.multiplier = static_cast<std::uint32_t>(multiplier),
                       .bias = bias,
                       .shift = static_cast<std::uint8_t>(shift)},
                      x);
}

TEST(Requantise, EqualsTheContractEverywhereElse) {
  test::Random random(7);
  for (int i = 0; i < 20000; ++i) {
    network::Requantise r;
    r.multiplier =
        static_cast<std::uint32_t>(random.within(0, std::numeric_limits<int>::max()) >> random.within(0, 16));
    r.shift = static_cast<std::uint8_t>(random.within(0, 47));
    const int bias_bits = random.within(1, 54);
    r.bias =
        (std::int64_t{random.within(-1 << 30, 1 << 30)} << 31 | random.within(0, std::numeric_limits<int>::max())) >>
        (61 - bias_bits);
    expect_same(
        r, random.within(std::numeric_limits<int>::min(), std::numeric_limits<int>::max()) >> random.within(0, 31));
  }
}

}  // namespace
}  // namespace lutra
