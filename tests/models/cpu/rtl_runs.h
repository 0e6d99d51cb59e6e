#pragma once

#include <cstdint>

#include "tests/models/cpu/machine.h"
#include "tests/models/cpu/rtl_cases.h"

// The programs of rtl_cases.h on the model.
namespace lutra::test {

struct RtlRun {
  std::uint32_t cycles = 0;
  bool trapped = false;
};

inline RtlRun run_on_model(const RtlCase& c) {
  Machine machine;
  Program program = rv::li(s0, Machine::tcm_base + 0x4008)
                    << rv::addi(s1, zero, -7) << rv::nop << rv::csrr(s2, rv::mcycle) << c.body
                    << rv::csrr(s3, rv::mcycle) << rv::halt();
  machine.run(program);
  return {machine.x(s3) - machine.x(s2), machine.trapped()};
}

// The cycle of the handler's first instruction behind that of the csrr, where the line rises at `cycle`; and the
// csrr's.
struct Handled {
  std::uint32_t after = 0;
  std::uint32_t csrr = 0;
};

inline Handled handled_on_model(const Program& body, std::uint64_t cycle) {
  constexpr std::uint32_t handler = Machine::tcm_base + 0x400;
  Machine machine;
  machine.bus.raise_at[cycle] = 1u << 7;
  machine.place(handler, {rv::csrr(a0, rv::mcycle), rv::halt()});
  Program program = rv::li(t0, handler) << rv::csrw(rv::mtvec, t0) << rv::li(t1, 1u << 7) << rv::csrw(rv::mie, t1);
  program << rv::li(s0, Machine::tcm_base + 0x4000) << rv::csrrsi(zero, rv::mstatus, 8) << rv::csrr(s2, rv::mcycle)
          << rv::sw(zero, 0, s0);
  machine.run(program << body);
  return {machine.x(a0) - machine.x(s2), machine.x(s2)};
}

// The same, where the line rises in the cycle `first` + i of rtl_cases.h.
inline std::uint32_t handled_on_model(const RtlInterrupt& c, std::uint32_t i) {
  const std::uint32_t store = handled_on_model(c.body, 1000).csrr + 1;
  return handled_on_model(c.body, store + c.first + i).after;
}

}  // namespace lutra::test
