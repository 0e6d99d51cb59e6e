#include <gtest/gtest.h>

#include "tests/models/cpu/machine.h"
#include "tests/models/cpu/rtl_cases.h"

namespace lutra::test {
namespace {

constexpr std::uint32_t place = Machine::tcm_base + 0x4000;
constexpr std::uint32_t interrupted = Machine::tcm_base + 0x400;

TEST(IbexRtl, EveryProgramTakesItsCycles) {
  for (const RtlCase& c : rtl_cases()) {
    Machine machine;
    Program program = rv::li(s0, place + 8) << rv::addi(s1, zero, -7) << rv::nop << rv::csrr(s2, rv::mcycle) << c.body
                                            << rv::csrr(s3, rv::mcycle) << rv::halt();
    machine.run(program);
    EXPECT_FALSE(machine.trapped()) << c.name;
    EXPECT_EQ(machine.x(s3) - machine.x(s2), c.cycles) << c.name;
  }
}

// The cycle of the handler's first instruction behind that of the csrr, where the line rises at `cycle`; and the
// csrr's.
struct Handled {
  std::uint32_t after = 0;
  std::uint32_t csrr = 0;
};

Handled handled(const Program& body, std::uint64_t cycle) {
  Machine machine;
  machine.bus.raise_at[cycle] = 1u << 7;
  machine.place(interrupted, {rv::csrr(a0, rv::mcycle), rv::halt()});
  Program program = rv::li(t0, interrupted) << rv::csrw(rv::mtvec, t0) << rv::li(t1, 1u << 7) << rv::csrw(rv::mie, t1);
  program << rv::li(s0, place) << rv::csrrsi(zero, rv::mstatus, 8) << rv::csrr(s2, rv::mcycle) << rv::sw(zero, 0, s0);
  machine.run(program << body);
  return {machine.x(a0) - machine.x(s2), machine.x(s2)};
}

TEST(IbexRtl, EveryInterruptIsTakenInItsCycle) {
  for (const RtlInterrupt& c : rtl_interrupts()) {
    const std::uint32_t store = handled(c.body, 1000).csrr + 1;
    for (std::uint32_t i = 0; i < c.handled.size(); ++i) {
      const std::uint32_t after = handled(c.body, store + c.first + i).after;
      EXPECT_GE(after, c.handled[i]) << c.name << ", cycle " << c.first + i;
      EXPECT_LE(after, c.handled[i] + c.later) << c.name << ", cycle " << c.first + i;
    }
  }
}

}  // namespace
}  // namespace lutra::test
