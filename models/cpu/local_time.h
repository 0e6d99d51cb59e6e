#pragma once

#include <algorithm>
#include <cstdint>

#include "models/cpu/bus.h"
#include "models/cpu/core.h"
#include "models/cpu/cycle_ledger.h"

namespace lutra::models::cpu {

// The hart's own time, which runs ahead of the bus's until they are synchronised.
class LocalTime {
 public:
  LocalTime(Core& core, Bus& bus, std::uint32_t quantum_instructions)
      : core_(core), bus_(bus), quantum_(quantum_instructions) {}

  std::uint64_t now() const { return core_.cycles - core_.pending; }

  // When, in instructions issued, the quantum is used up.
  std::uint64_t synchronise_at() const { return synchronise_at_; }

  void synchronise() {
    bus_.wait_until(now());
    synchronise_at_ = core_.issued + quantum_;
    core_.look_soon();
  }

  const CycleLedger& ledger() const { return ledger_; }

 private:
  friend class Stall;

  Core& core_;
  Bus& bus_;
  std::uint64_t quantum_;
  std::uint64_t synchronise_at_ = 0;
  CycleLedger ledger_;
};

// While it lives the hart is synchronised and waits: what time passes on the bus is charged to `activity`.
class Stall {
 public:
  Stall(LocalTime& time, Activity activity) : time_(time) {
    time_.synchronise();
    const std::uint64_t now = time_.bus_.now();
    time_.ledger_.switch_to(activity, now);
    time_.bus_.changes_to(activity, now);
  }

  ~Stall() {
    const std::uint64_t now = time_.bus_.now();
    time_.ledger_.switch_to(Activity::execute, now);
    time_.bus_.changes_to(Activity::execute, now);
    time_.core_.cycles = std::max(time_.core_.cycles, now + time_.core_.pending);
  }

  Stall(const Stall&) = delete;
  Stall& operator=(const Stall&) = delete;

 private:
  LocalTime& time_;
};

}  // namespace lutra::models::cpu
