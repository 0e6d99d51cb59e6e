#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "software/simulation/measurement.h"

namespace lutra::simulation {

// Cycles of the frames behind the first, which begins with cold caches; of the first where there is no other. They
// differ where images do, and by what DRAM refreshes fall into a frame.
struct SteadyState {
  std::size_t frames = 0;
  double mean = 0;
  std::uint64_t least = 0;
  std::uint64_t most = 0;
  std::size_t typical = 0;  // index of the frame that is nearest to the mean, the first of such
};

// Throws Error where there are no frames.
SteadyState steady_state(std::span<const FrameMeasurement> frames);

}  // namespace lutra::simulation
