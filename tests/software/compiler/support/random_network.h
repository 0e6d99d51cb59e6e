#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "software/network/quantised/quantised_network.h"

namespace lutra::test {

// What a random network may contain.
struct NetworkOptions {
  int operations = 5;
  int most_channels = 20;
  int most_side = 11;
  bool moves = true;    // concatenations and resamples, which only the hart computes
  bool pads = false;    // padding with any code, and ternary edges
  bool shifts = false;  // every multiplier is a power of two
  bool joins = false;   // residual blocks with recodings, fires with concatenations, slices
  bool recent = false;  // most operations read what the last one has written
};

class Random {
 public:
  explicit Random(std::uint64_t seed) : generator_(seed) {}

  int within(int low, int high) {
    const auto count = static_cast<std::uint64_t>(std::int64_t{high} - low + 1);
    return static_cast<int>(low + static_cast<std::int64_t>(generator_() % count));
  }
  bool chance(int percent) { return within(1, 100) <= percent; }
  template <typename T>
  const T& one_of(const std::vector<T>& values) {
    return values[static_cast<std::size_t>(within(0, static_cast<int>(values.size()) - 1))];
  }
  std::vector<std::uint8_t> bytes(std::int64_t count);

 private:
  std::mt19937_64 generator_;
};

// A valid network of every kind of operation, window, width and post-processing; the same one for the same seed.
network::QuantisedNetwork random_network(std::uint64_t seed, const NetworkOptions& options = {});

}  // namespace lutra::test
