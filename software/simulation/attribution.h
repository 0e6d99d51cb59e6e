#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "software/simulation/measurement.h"

namespace lutra::simulation {

// A point of the simulation from which on cycles and events belong to `op` (none: to the frame, but to no operation).
struct Mark {
  std::optional<std::uint32_t> op;
  std::uint64_t cycle = 0;
  std::vector<std::uint64_t> counters;
};

// Turns the marks of one frame, in order, the last of which ends it, into what each operation took. An operation marked
// twice adds up. Causes come from the counters of component "engine.cause"; without an engine every cycle is
// software's. Throws Error on a mark whose operation does not exist and on causes that do not add up to the cycles.
FrameMeasurement attribute(const std::vector<models::CounterInfo>& counters, std::size_t op_count,
                           const std::vector<Mark>& marks);

}  // namespace lutra::simulation
