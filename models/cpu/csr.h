#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "models/cpu/trap.h"

namespace lutra::models::cpu {

// What the counters count at one moment, since the start.
struct CounterBase {
  std::uint64_t cycles = 0;
  std::uint64_t retired = 0;
};

// A 64-bit counter that software may set and stop.
class Counter {
 public:
  std::uint64_t read(std::uint64_t base) const { return stopped_ ? value_ : value_ + base; }
  void write(std::uint64_t value, std::uint64_t base) { value_ = stopped_ ? value : value - base; }
  void stop(bool stopped, std::uint64_t base) {
    const std::uint64_t value = read(base);
    stopped_ = stopped;
    write(value, base);
  }
  bool stopped() const { return stopped_; }

 private:
  std::uint64_t value_ = 0;  // while running: less the base
  bool stopped_ = false;
};

// The machine-mode control and status registers; README.md lists them.
class CsrFile {
 public:
  // None where the register does not exist. `before`: at the start of the reading instruction.
  std::optional<std::uint32_t> read(std::uint32_t number, CounterBase before, std::uint32_t interrupt_lines) const;

  // False where it does not exist or is read-only. `before` and `after`: at the start and the end of the writing
  // instruction, which a counter it writes does not count.
  bool write(std::uint32_t number, std::uint32_t value, CounterBase before, CounterBase after);

  // Records an exception or an interrupt and returns where it is handled.
  std::uint32_t enter_exception(Cause cause, std::uint32_t pc, std::uint32_t value);
  std::uint32_t enter_interrupt(Interrupt interrupt, std::uint32_t pc);

  // mret: returns where to go on.
  std::uint32_t leave_trap();

  // The interrupt to be taken now, of those whose lines are high.
  std::optional<Interrupt> pending(std::uint32_t interrupt_lines) const;

  std::uint32_t enabled_interrupts() const { return mie_; }  // whatever mstatus.MIE says
  bool has_trap_handler() const { return mtvec_ != 0; }
  bool can_be_interrupted() const { return interrupts_on_ && mie_ != 0; }

 private:
  static constexpr std::size_t pmp_entries = 16;

  std::uint32_t enter(std::uint32_t cause, std::uint32_t pc, std::uint32_t value);

  bool interrupts_on_ = false;  // mstatus.MIE
  bool interrupts_were_on_ = false;
  std::uint32_t mie_ = 0;
  std::uint32_t mtvec_ = 0;
  std::uint32_t mscratch_ = 0;
  std::uint32_t mepc_ = 0;
  std::uint32_t mcause_ = 0;
  std::uint32_t mtval_ = 0;
  Counter cycle_;
  Counter instret_;
  std::array<std::uint32_t, pmp_entries> pmpaddr_{};
};

}  // namespace lutra::models::cpu
