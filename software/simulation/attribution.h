#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "software/simulation/measurement.h"

namespace lutra::simulation {

// Units of the engine work ahead of each other, so each has marks of its own. The hart's are in all of them.
enum class View { load, compute, store };
inline constexpr int view_count = 3;

// Whose marks say which operation an event belongs to. Cycles and their causes are the compute unit's; what is read
// from memory is the load unit's but for what its name says otherwise.
View view_of(const models::CounterInfo& counter);

// A point of the simulation from which on cycles and events of a view belong to `op` (none: to the frame, but to no
// operation).
struct Mark {
  std::optional<std::uint32_t> op;
  std::uint64_t cycle = 0;
  std::vector<std::uint64_t> counters;
};

using Marks = std::array<std::vector<Mark>, view_count>;

// Turns the marks of one frame, of each view in order, the last of which ends it, into what each operation took. An
// operation marked twice adds up. Causes come from the counters of component "engine.cause"; without an engine every
// cycle is software's. Throws Error on a mark whose operation does not exist and on causes that do not add up to the
// cycles.
FrameMeasurement attribute(const std::vector<models::CounterInfo>& counters, std::size_t op_count, const Marks& marks);

}  // namespace lutra::simulation
