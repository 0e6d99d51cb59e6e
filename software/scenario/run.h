#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace lutra::scenario {

// How much is run.
struct Run {
  std::optional<std::size_t> images;      // of the accuracy set; absent: all
  std::size_t simulate = 2;               // images on the SoC
  std::uint64_t steady_cycles = 400'000;  // the frames go on until those behind the first took so many
  bool cpu_baseline = false;              // also run frames on the hart alone
};

}  // namespace lutra::scenario
