#include <gtest/gtest.h>

#include "tests/models/cpu/machine.h"

namespace lutra::test {
namespace {

constexpr std::uint32_t handler = Machine::tcm_base + 0x400;
constexpr std::uint32_t software = 1u << 3, timer = 1u << 7, external = 1u << 11;
constexpr std::uint32_t interrupt = 1u << 31;

// Sets mtvec; 12 bytes.
Program with_handler(std::uint32_t vector = handler) { return rv::li(t0, vector) << rv::csrw(rv::mtvec, t0); }

// The handler reports in a0..a3 and halts.
Program reporting() {
  return {rv::csrr(a0, rv::mcause), rv::csrr(a1, rv::mepc), rv::csrr(a2, rv::mtval), rv::csrr(a3, rv::mstatus),
          rv::halt()};
}

struct Trap {
  std::uint32_t cause, pc, value, status;
};

Trap trap_of(const Program& program) {
  Machine machine;
  machine.place(handler, reporting());
  machine.run(with_handler() << program);
  return {machine.x(a0), machine.x(a1), machine.x(a2), machine.x(a3)};
}

constexpr std::uint32_t first = Machine::tcm_base + 12;  // behind with_handler

TEST(Trap, AnEnvironmentCallTraps) {
  const Trap trap = trap_of({rv::nop, rv::ecall});
  EXPECT_EQ(trap.cause, 11u);
  EXPECT_EQ(trap.pc, first + 4);
  EXPECT_EQ(trap.value, 0u);
}

TEST(Trap, ABreakpointTraps) {
  const Trap trap = trap_of({rv::ebreak});
  EXPECT_EQ(trap.cause, 3u);
  EXPECT_EQ(trap.pc, first);
  EXPECT_EQ(trap.value, first);
  Program compressed;
  compressed << std::uint16_t{0x0001} << std::uint16_t{0x9002};
  EXPECT_EQ(trap_of(compressed).cause, 3u);
  EXPECT_EQ(trap_of(compressed).pc, first + 2);
}

TEST(Trap, IllegalInstructionGivesItsBits) {
  const Trap trap = trap_of({0xFFFFFFFFu});
  EXPECT_EQ(trap.cause, 2u);
  EXPECT_EQ(trap.pc, first);
  EXPECT_EQ(trap.value, 0xFFFFFFFFu);
  Program compressed;
  compressed << std::uint16_t{0x9C01} << std::uint16_t{0x1234};
  EXPECT_EQ(trap_of(compressed).value, 0x9C01u) << "of a compressed one, 16 bits";
}

TEST(Trap, AJumpToAnUnmappedAddressFaultsThere) {
  const Trap trap = trap_of(rv::li(t0, Machine::hole) << rv::jalr(ra, t0, 2));
  EXPECT_EQ(trap.cause, 1u);
  EXPECT_EQ(trap.pc, Machine::hole + 2);
  EXPECT_EQ(trap.value, Machine::hole + 2);
}

TEST(Trap, RunningOffTheEndOfMemoryFaultsBehindIt) {
  Machine machine;
  machine.place(handler, reporting());
  const std::uint32_t end = Machine::direct_base + FakeBus::bytes;
  machine.set_word(end - 4, rv::addi(a4, zero, 5));
  machine.run(with_handler() << rv::li(t0, end - 4) << rv::jalr(zero, t0, 0));
  EXPECT_EQ(machine.x(a0), 1u);
  EXPECT_EQ(machine.x(a1), end);
  EXPECT_EQ(machine.x(a4), 5u) << "the last instruction is executed";
}

TEST(Trap, DisablesInterruptsAndMretRestoresThem) {
  Machine machine;
  machine.place(handler, {rv::csrr(a0, rv::mstatus), rv::csrr(t1, rv::mepc), rv::addi(t1, t1, 4),
                          rv::csrw(rv::mepc, t1), rv::mret});
  machine.run(with_handler() << rv::csrrsi(zero, rv::mstatus, 8) << rv::ecall << rv::csrr(a1, rv::mstatus)
                             << rv::csrrci(zero, rv::mstatus, 8) << rv::halt());
  EXPECT_EQ(machine.x(a0), 0x1880u) << "MPP machine, MPIE set, MIE clear";
  EXPECT_EQ(machine.x(a1), 0x1888u);
}

TEST(Trap, LaterInstructionsOfTheBlockAreNotExecuted) {
  Machine machine;
  machine.run({rv::addi(a0, zero, 1), rv::lw(a1, 0, zero), rv::addi(a0, zero, 2)});
  EXPECT_TRUE(machine.trapped());
  EXPECT_EQ(machine.x(a0), 1u);
}

TEST(Trap, AnExceptionAtTheHandlersFirstInstructionStops) {
  Machine machine;
  machine.run(rv::li(t0, Machine::hole) << rv::csrw(rv::mtvec, t0) << rv::ecall);
  EXPECT_EQ(machine.processor.stop().reason, models::HartStopReason::halted);
  EXPECT_EQ(machine.processor.stop().message,
            "the hart can make no progress: environment call (ecall) at pc=0x2000000c; its trap handler begins with "
            "another: instruction access fault at pc=0x50000000, address 0x50000000");
  EXPECT_EQ(machine.processor.stop().pc, first);
}

// Runs a program from reset, where mtvec is 0.
std::string stop_without_handler(const Program& program) {
  Machine machine;
  machine.place(Machine::tcm_base, program);
  machine.processor.run();
  return machine.processor.stop().message;
}

TEST(Trap, TheFirstFaultIsNamedWhereNoHandlerIsSet) {
  const std::string none = "; no trap handler is set (mtvec is 0)", no = "the hart can make no progress: ";
  EXPECT_EQ(stop_without_handler(rv::li(t0, Machine::hole) << rv::sw(zero, 8, t0)),
            no + "store access fault at pc=0x20000008, address 0x50000008" + none);
  EXPECT_EQ(stop_without_handler(rv::li(t0, Machine::hole) << rv::lw(a0, 4, t0)),
            no + "load access fault at pc=0x20000008, address 0x50000004" + none);
  EXPECT_EQ(stop_without_handler(rv::li(t0, Machine::hole) << rv::jalr(ra, t0, 0)),
            no + "instruction access fault at pc=0x50000000, address 0x50000000" + none);
  EXPECT_EQ(stop_without_handler({rv::nop, 0xFFFFFFFFu}),
            no + "illegal instruction at pc=0x20000004, its bits 0xffffffff" + none);
  EXPECT_EQ(stop_without_handler({rv::ebreak}), no + "breakpoint (ebreak) at pc=0x20000000" + none);
  EXPECT_EQ(stop_without_handler({rv::ecall}), no + "environment call (ecall) at pc=0x20000000" + none);
  EXPECT_EQ(stop_without_handler({rv::jalr(zero, zero, 0)}),
            no + "instruction access fault at pc=0x00000000, address 0x00000000" + none)
      << "a call through a null pointer is itself at the handler";
}

TEST(Trap, AHandledFaultBeforeIsNotTheFirst) {
  Machine machine;
  machine.place(handler, {rv::csrr(t1, rv::mepc), rv::addi(t1, t1, 4), rv::csrw(rv::mepc, t1), rv::mret});
  machine.run(with_handler() << rv::ecall << rv::csrw(rv::mtvec, zero) << rv::ebreak);
  EXPECT_EQ(machine.processor.stop().message,
            "the hart can make no progress: breakpoint (ebreak) at pc=0x20000014; no trap handler is set (mtvec is 0)");
}

TEST(Trap, AHandlerThatLoopsNamesWhatItHandles) {
  Machine machine;
  machine.place(handler, {rv::nop, rv::halt()});
  machine.run(with_handler() << rv::nop << rv::ecall);
  EXPECT_EQ(machine.processor.stop().message,
            "the hart can make no progress: pc=0x20000404 jumps to itself with interrupts disabled; the last trap was: "
            "environment call (ecall) at pc=0x20000010");
}

TEST(Interrupt, WithoutAHandlerIsNamed) {
  Machine machine;
  machine.bus.lines = timer;
  EXPECT_EQ(machine.bus.interrupt_lines(), timer);
  machine.place(Machine::tcm_base, rv::li(t1, timer) << rv::csrw(rv::mie, t1) << rv::csrrsi(zero, rv::mstatus, 8));
  machine.processor.run();
  EXPECT_EQ(machine.processor.stop().message,
            "the hart can make no progress: timer interrupt at pc=0x20000010; no trap handler is set (mtvec is 0)");
}

// Enables `lines` in mie and mstatus.
Program enabling(std::uint32_t lines) {
  return rv::li(t1, lines) << rv::csrw(rv::mie, t1) << rv::csrrsi(zero, rv::mstatus, 8);
}

TEST(Interrupt, IsTakenOnceEnabled) {
  struct Case {
    std::uint32_t line, code;
  };
  for (const Case& c : {Case{software, 3}, Case{timer, 7}, Case{external, 11}}) {
    Machine machine;
    machine.bus.lines = c.line;
    machine.place(handler, reporting());
    machine.run(with_handler() << enabling(c.line) << rv::addi(a4, zero, 1));
    EXPECT_EQ(machine.x(a0), interrupt | c.code);
    EXPECT_EQ(machine.x(a1), first + 16) << "at once: behind the csrrsi";
    EXPECT_EQ(machine.x(a2), 0u);
    EXPECT_EQ(machine.x(a4), 0u);
  }
}

TEST(Interrupt, ServesExternalBeforeSoftwareBeforeTimer) {
  const auto taken = [](std::uint32_t lines) {
    Machine machine;
    machine.bus.lines = lines;
    machine.place(handler, reporting());
    machine.run(with_handler() << enabling(external | software | timer));
    return machine.x(a0) & 0xFF;
  };
  EXPECT_EQ(taken(external | software | timer), 11u);
  EXPECT_EQ(taken(software | timer), 3u);
  EXPECT_EQ(taken(timer), 7u);
}

TEST(Interrupt, JumpsByCauseInVectoredModeAndToTheBaseForExceptions) {
  Machine machine;
  machine.bus.lines = timer;
  machine.place(handler, {rv::addi(a5, zero, 1), rv::halt()});
  machine.place(handler + 4 * 7, reporting());
  machine.run(with_handler(handler | 1) << enabling(timer));
  EXPECT_EQ(machine.x(a0), interrupt | 7);
  Machine second;
  second.place(handler, reporting());
  second.run(with_handler(handler | 1) << rv::ecall);
  EXPECT_EQ(second.x(a0), 11u);
}

TEST(Interrupt, IsNotTakenWhileMaskedOrDisabled) {
  for (const Program& setting : {enabling(software), Program(rv::li(t1, timer) << rv::csrw(rv::mie, t1))}) {
    Machine machine;
    machine.bus.lines = timer;
    machine.place(handler, reporting());
    machine.run(with_handler() << setting << rv::csrr(a4, rv::mip) << rv::csrrci(zero, rv::mstatus, 8) << rv::halt());
    EXPECT_EQ(machine.x(a0), 0u);
    EXPECT_EQ(machine.x(a4), timer) << "but mip shows it";
  }
}

TEST(Interrupt, IsTakenAgainAfterMretWhileTheLineIsHigh) {
  Machine machine;
  machine.bus.lines = external;
  machine.place(handler, {rv::addi(a0, a0, 1), rv::addi(t2, zero, 3), rv::bne(a0, t2, 8), rv::halt(), rv::mret});
  machine.run(with_handler() << enabling(external) << rv::addi(a4, a4, 1) << rv::jal(zero, -4));
  EXPECT_EQ(machine.x(a0), 3u);
  EXPECT_EQ(machine.x(a4), 0u) << "the interrupted program gets no instruction in between";
}

TEST(Interrupt, EndsAnEndlessLoopThatWaitsForIt) {
  Machine machine;
  machine.bus.transaction_cycles = 5;
  machine.place(handler, reporting());
  // The line rises during the loop: a FakeBus cannot raise it by itself, so the watched store does.
  machine.processor.memory().watch(Machine::tcm_base + 0x800, [&](std::uint32_t) { machine.bus.lines = external; });
  machine.run(with_handler() << enabling(external) << rv::li(s0, Machine::tcm_base + 0x800) << rv::sw(zero, 0, s0)
                             << rv::halt());
  EXPECT_EQ(machine.x(a0), interrupt | 11);
}

TEST(Wfi, SleepsUntilAnEnabledInterruptAndTakesIt) {
  Machine machine;
  machine.bus.raise_at[5000] = timer;
  machine.place(handler, reporting());
  machine.run(with_handler() << enabling(timer) << rv::wfi << rv::addi(a4, zero, 1));
  EXPECT_EQ(machine.x(a0), interrupt | 7);
  EXPECT_EQ(machine.x(a1), first + 20) << "behind the wfi";
  EXPECT_EQ(machine.x(a4), 0u);
  EXPECT_GT(machine.bus.now(), 5000u);
}

TEST(Wfi, WakesWithoutTakingTheInterruptWhileTheyAreDisabled) {
  Machine machine;
  machine.bus.raise_at[5000] = timer;
  machine.run(rv::li(t1, timer) << rv::csrw(rv::mie, t1) << rv::wfi << rv::csrr(a0, rv::mcycle) << rv::halt());
  EXPECT_FALSE(machine.trapped());
  EXPECT_EQ(machine.x(a0), 5000u + 2) << "and waking";
}

TEST(Wfi, DoesNotWaitWhenTheInterruptIsPending) {
  Machine machine;
  machine.bus.lines = software;
  machine.run(rv::li(t1, software) << rv::csrw(rv::mie, t1) << rv::csrr(a0, rv::mcycle) << rv::wfi
                                   << rv::csrr(a1, rv::mcycle) << rv::halt());
  EXPECT_EQ(machine.x(a1) - machine.x(a0), 6u) << "csrr 1, wfi 3, waking 2";
}

TEST(Wfi, StopsTheHartWhenNothingCanWakeIt) {
  Machine machine;
  machine.run({rv::wfi});
  EXPECT_EQ(machine.processor.stop().reason, models::HartStopReason::halted);
  EXPECT_EQ(machine.processor.stop().message,
            "the hart can make no progress: pc=0x20000000 waits for an interrupt and mie enables none");
}

}  // namespace
}  // namespace lutra::test
