#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace lutra::models {

enum class Condition { off, busy, waiting };

// A number shown beside what a unit does. `name` must live as long as the program.
struct Detail {
  std::string_view name;
  std::uint64_t value = 0;
};

// A transaction on the interconnect: asked for, taken, and complete at the initiator.
struct ObservedBurst {
  std::string_view initiator;
  std::string_view target;  // empty: refused by the interconnect
  std::uint64_t address = 0;
  std::uint32_t bytes = 0;
  bool write = false;
  bool failed = false;
  std::uint64_t asked_ps = 0;
  std::uint64_t taken_ps = 0;
  std::uint64_t done_ps = 0;
};

enum class RowState { hit, miss, conflict };

// A read or write command of a DRAM: when its data are on the data bus, which carries one at a time.
struct ObservedDramBurst {
  std::uint32_t bank = 0;
  std::uint64_t row = 0;
  std::uint64_t bytes = 0;  // asked for; the burst itself is always whole
  bool write = false;
  RowState row_state = RowState::hit;
  std::uint64_t arrived_ps = 0;
  std::uint64_t data_begin_ps = 0;
  std::uint64_t data_end_ps = 0;
};

// `count` refreshes of all banks, `interval_ps` apart.
struct ObservedRefreshes {
  std::uint64_t begin_ps = 0;  // of the first
  std::uint64_t duration_ps = 0;
  std::uint64_t interval_ps = 0;
  std::uint64_t count = 1;
};

// Watches a simulation. A block holds a pointer to one, null unless somebody watches, and tells it what happens; it
// must not act on the simulation. Times are picoseconds since the start. Those of one unit never decrease; a block that
// computes ahead may name a time that has not come yet.
class Observer {
 public:
  virtual ~Observer() = default;

  // From `time_ps` on `unit` ("engine.load": "room.unit", or a name alone) does, or waits for, what `what` says. A call
  // with details always begins something new; one without them that changes nothing goes on with what was.
  virtual void enter(std::string_view unit, Condition condition, std::string_view what, std::uint64_t time_ps,
                     std::span<const Detail> details) = 0;

  // Something that takes no time.
  virtual void happen(std::string_view unit, std::string_view what, std::uint64_t time_ps) = 0;

  virtual void burst(const ObservedBurst& burst) = 0;
  virtual void dram_burst(const ObservedDramBurst& burst) = 0;
  virtual void dram_refreshes(const ObservedRefreshes& refreshes) = 0;
};

}  // namespace lutra::models
