#pragma once

#include <array>
#include <cstdint>

#include "accelerators/interface/registers.h"

namespace lutra::accelerators {

enum class Unit { fetch, load, compute, store };
inline constexpr int unit_count = 4;

// In the ring load, compute, store.
struct Neighbours {
  Unit previous;
  Unit next;
};
constexpr Neighbours neighbours(Unit unit) {
  switch (unit) {
    case Unit::load:
      return {Unit::store, Unit::compute};
    case Unit::compute:
      return {Unit::load, Unit::store};
    default:
      return {Unit::compute, Unit::load};
  }
}

enum class State {
  off,  // no stream runs, or the command processor has dispatched its last command
  busy,
  waits_command,   // nothing in the unit's queue
  waits_previous,  // for a token of the neighbour before it
  waits_next,      // for a token of the neighbour behind it
  stalled          // command processor: a unit's queue is full
};

// Why time passes, for the whole engine. At any instant exactly one holds.
enum class Cause { idle, compute, load, store, command };
inline constexpr int cause_count = 5;

// Which state every unit is in, and for how many cycles it has been. Times are cycle numbers and never decrease.
class Ledger {
 public:
  void start(std::uint64_t now);  // clears the counters; units wait for commands, the command processor is busy
  void stop(std::uint64_t now);
  void enter(Unit unit, State state, std::uint64_t now);
  void bring_up_to(std::uint64_t now);

  State state(Unit unit) const { return states_[static_cast<int>(unit)]; }
  Cause cause() const;
  bool running() const { return running_; }
  std::uint64_t counter(lutra_engine_counter counter) const { return counters_[counter]; }  // since start
  std::uint64_t cycles(Cause cause) const { return causes_[static_cast<int>(cause)]; }      // since ever
  std::uint64_t busy_cycles(Unit unit) const { return busy_[static_cast<int>(unit)]; }      // since ever

 private:
  bool running_ = false;
  std::uint64_t time_ = 0;
  std::array<State, unit_count> states_{};
  std::array<std::uint64_t, LUTRA_ENGINE_COUNTER_COUNT> counters_{};
  std::array<std::uint64_t, cause_count> causes_{};
  std::array<std::uint64_t, unit_count> busy_{};
};

}  // namespace lutra::accelerators
