#include "accelerators/engine/ledger.h"

namespace lutra::accelerators {

namespace {

struct Account {
  Unit unit;
  State state;
  lutra_engine_counter counter;
};

constexpr Account accounts[] = {
    {Unit::fetch, State::busy, LUTRA_COUNT_FETCH_BUSY},
    {Unit::fetch, State::stalled, LUTRA_COUNT_FETCH_STALLED},
    {Unit::load, State::busy, LUTRA_COUNT_LOAD_BUSY},
    {Unit::load, State::waits_next, LUTRA_COUNT_LOAD_WAITS_COMPUTE},
    {Unit::load, State::waits_previous, LUTRA_COUNT_LOAD_WAITS_STORE},
    {Unit::load, State::waits_command, LUTRA_COUNT_LOAD_WAITS_COMMAND},
    {Unit::compute, State::busy, LUTRA_COUNT_COMPUTE_BUSY},
    {Unit::compute, State::waits_previous, LUTRA_COUNT_COMPUTE_WAITS_LOAD},
    {Unit::compute, State::waits_next, LUTRA_COUNT_COMPUTE_WAITS_STORE},
    {Unit::compute, State::waits_command, LUTRA_COUNT_COMPUTE_WAITS_COMMAND},
    {Unit::store, State::busy, LUTRA_COUNT_STORE_BUSY},
    {Unit::store, State::waits_previous, LUTRA_COUNT_STORE_WAITS_COMPUTE},
    {Unit::store, State::waits_command, LUTRA_COUNT_STORE_WAITS_COMMAND},
};

}  // namespace

Cause Ledger::cause() const {
  if (!running_) return Cause::idle;
  const bool loads = state(Unit::load) == State::busy;
  const bool stores = state(Unit::store) == State::busy;
  switch (state(Unit::compute)) {
    case State::busy:
      return Cause::compute;
    case State::waits_previous:
      if (loads) return Cause::load;
      return stores ? Cause::store : Cause::command;
    case State::waits_next:
      if (stores) return Cause::store;
      return loads ? Cause::load : Cause::command;
    default:
      if (loads) return Cause::load;
      return stores ? Cause::store : Cause::command;
  }
}

void Ledger::bring_up_to(std::uint64_t now) {
  const std::uint64_t passed = now - time_;
  time_ = now;
  causes_[static_cast<int>(cause())] += passed;
  if (!running_) return;
  counters_[LUTRA_COUNT_ELAPSED] += passed;
  for (const Account& account : accounts)
    if (state(account.unit) == account.state) counters_[account.counter] += passed;
  for (int unit = 0; unit < unit_count; ++unit)
    if (states_[unit] == State::busy) busy_[unit] += passed;
}

void Ledger::start(std::uint64_t now) {
  bring_up_to(now);
  running_ = true;
  counters_.fill(0);
  states_.fill(State::waits_command);
  states_[static_cast<int>(Unit::fetch)] = State::busy;
}

void Ledger::stop(std::uint64_t now) {
  bring_up_to(now);
  running_ = false;
  states_.fill(State::off);
}

void Ledger::enter(Unit unit, State state, std::uint64_t now) {
  bring_up_to(now);
  states_[static_cast<int>(unit)] = state;
}

}  // namespace lutra::accelerators
