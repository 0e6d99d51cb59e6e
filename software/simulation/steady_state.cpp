#include "software/simulation/steady_state.h"

#include <algorithm>
#include <cmath>

#include "software/common/error.h"

namespace lutra::simulation {

SteadyState steady_state(std::span<const FrameMeasurement> frames) {
  if (frames.empty()) throw Error("no frame was simulated");
  const std::size_t first = frames.size() > 1 ? 1 : 0;
  SteadyState steady{frames.size() - first, 0, frames[first].cycles, frames[first].cycles, first};
  std::uint64_t sum = 0;
  for (const FrameMeasurement& frame : frames.subspan(first)) {
    sum += frame.cycles;
    steady.least = std::min(steady.least, frame.cycles);
    steady.most = std::max(steady.most, frame.cycles);
  }
  steady.mean = static_cast<double>(sum) / static_cast<double>(steady.frames);
  const auto distance = [&](std::size_t i) { return std::abs(static_cast<double>(frames[i].cycles) - steady.mean); };
  for (std::size_t i = first; i < frames.size(); ++i)
    if (distance(i) < distance(steady.typical)) steady.typical = i;
  return steady;
}

}  // namespace lutra::simulation
