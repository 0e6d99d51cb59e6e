#include <gtest/gtest.h>

#include "tests/models/cpu/machine.h"

namespace lutra::test {
namespace {

// What `number` reads after `value` was written to it.
std::uint32_t written(std::uint32_t number, std::uint32_t value) {
  return result_of(rv::li(a1, value) << rv::csrw(number, a1) << rv::csrr(a0, number));
}

bool traps(std::uint32_t instruction) {
  Machine machine;
  machine.run({instruction, rv::halt()});
  return machine.trapped();
}

TEST(Csr, EveryFormReadsModifiesAndWrites) {
  Machine machine;
  machine.run(rv::li(a1, 0xF0) << rv::csrrw(a2, rv::mscratch, a1) << rv::li(a1, 0x3C) << rv::csrrs(a3, rv::mscratch, a1)
                               << rv::csrrc(a4, rv::mscratch, a1) << rv::csrrwi(a5, rv::mscratch, 21)
                               << rv::csrrsi(a6, rv::mscratch, 10) << rv::csrrci(a7, rv::mscratch, 3)
                               << rv::csrr(s0, rv::mscratch) << rv::halt());
  EXPECT_EQ(machine.x(a2), 0u);
  EXPECT_EQ(machine.x(a3), 0xF0u);
  EXPECT_EQ(machine.x(a4), 0xFCu);
  EXPECT_EQ(machine.x(a5), 0xC0u);
  EXPECT_EQ(machine.x(a6), 21u);
  EXPECT_EQ(machine.x(a7), 31u);
  EXPECT_EQ(machine.x(s0), 28u);
}

TEST(Csr, TheOperandMayBeTheDestination) {
  EXPECT_EQ(result_of(rv::li(a0, 5) << rv::csrrw(a0, rv::mscratch, a0) << rv::csrrw(a0, rv::mscratch, a0)), 5u);
}

TEST(Csr, FixedRegistersHoldTheirValues) {
  EXPECT_EQ(result_of({rv::csrr(a0, rv::misa)}), 0x40001105u) << "RV32 with A, C, I and M";
  EXPECT_EQ(written(rv::misa, 0), 0x40001105u);
  for (const std::uint32_t number : {0xF11, 0xF12, 0xF13, 0xF14, 0xF15})
    EXPECT_EQ(result_of({rv::addi(a0, zero, 1), rv::csrr(a0, number)}), 0u) << std::hex << number;
}

TEST(Csr, OnlyWritableBitsChange) {
  EXPECT_EQ(written(rv::mstatus, ~8u), 0x1880u) << "MPP is machine, MPIE is kept";
  EXPECT_EQ(written(rv::mstatus, 0), 0x1800u);
  EXPECT_EQ(written(rv::mie, ~0u), 0x888u);
  EXPECT_EQ(written(rv::mip, ~0u), 0u);
  EXPECT_EQ(written(rv::mtvec, 0x12345677), 0x12345675u);
  EXPECT_EQ(written(rv::mepc, ~0u), 0xFFFFFFFEu);
  EXPECT_EQ(written(rv::mcause, 0x8000000B), 0x8000000Bu);
  EXPECT_EQ(written(rv::mtval, 0x1234567F), 0x1234567Fu);
  EXPECT_EQ(written(rv::mcountinhibit, ~0u), 5u);
  EXPECT_EQ(written(0x3B0, ~0u), ~0u) << "pmpaddr0";
  EXPECT_EQ(written(0x3BF, 77), 77u) << "pmpaddr15";
}

TEST(Csr, HardWiredRegistersReadZero) {
  for (const std::uint32_t number :
       {0x310, 0x323, 0x33F, 0x3A0, 0x3A3, 0x7A0, 0x7A1, 0x7A2, 0x7A3, 0x7C0, 0xB03, 0xB1F, 0xB83, 0xB9F})
    EXPECT_EQ(written(number, 0x54), 0u) << std::hex << number;
}

TEST(Csr, UnknownNumbersTrapAndLeaveTheRegister) {
  for (const std::uint32_t number : {0x000, 0x001, 0x100, 0x180, 0x302, 0x303, 0x306, 0x321, 0x3B0 - 1, 0x3C0, 0x7A5,
                                     0x7B0, 0x7C1, 0xB01, 0xB20, 0xC03, 0xF10, 0xF16, 0xFFF}) {
    EXPECT_TRUE(traps(rv::csrr(a0, number))) << std::hex << number;
    EXPECT_TRUE(traps(rv::csrw(number, a0))) << std::hex << number;
  }
  Machine machine;
  machine.run({rv::addi(a0, zero, 9), rv::csrrw(a0, 0x180, a0)});
  EXPECT_EQ(machine.x(a0), 9u);
}

TEST(Csr, WritingReadOnlyRegistersTrapsEvenWithWhatTheyHold) {
  for (const std::uint32_t number : {0xF14, 0xC00, 0xC02, 0xC80, 0xC01}) {
    EXPECT_TRUE(traps(rv::csrrw(zero, number, zero))) << std::hex << number;
    EXPECT_TRUE(traps(rv::csrrs(a0, number, a1))) << std::hex << number;
    EXPECT_TRUE(traps(rv::csrrsi(a0, number, 1))) << std::hex << number;
    EXPECT_FALSE(traps(rv::csrrs(a0, number, zero))) << std::hex << number;
    EXPECT_FALSE(traps(rv::csrrci(a0, number, 0))) << std::hex << number;
  }
}

TEST(Csr, CycleCounterAgreesWithTheBus) {
  Machine machine;
  machine.run(rv::li(s0, Machine::device_base) << rv::nop << rv::lw(a2, 0, s0) << rv::csrr(a0, rv::mcycle)
                                               << rv::csrr(a1, rv::time) << rv::csrr(a3, rv::cycle) << rv::halt());
  EXPECT_EQ(machine.x(a0), machine.bus.seen[0].cycle + machine.bus.transaction_cycles);
  EXPECT_EQ(machine.x(a1), machine.x(a0) + 1);
  EXPECT_EQ(machine.x(a3), machine.x(a0) + 2);
}

TEST(Csr, InstructionCounterLeavesOutWhatDoesNotRetire) {
  Machine machine;
  const std::uint32_t handler = Machine::tcm_base + 0x400;
  machine.place(handler, {rv::csrr(t0, rv::mepc), rv::addi(t0, t0, 4), rv::csrw(rv::mepc, t0), rv::mret});
  machine.run(rv::li(t0, handler) << rv::csrw(rv::mtvec, t0) << rv::csrr(a0, rv::minstret) << rv::ecall
                                  << rv::lw(a2, 0, zero) << rv::csrr(a1, rv::instret) << rv::halt());
  EXPECT_EQ(machine.x(a1) - machine.x(a0), 1u + 4 + 4) << "the csrr and two handlers; not the ecall, not the load";
}

TEST(Csr, CountersCanBeSet) {
  Machine machine;
  machine.run(rv::li(a1, 0xFFFFFFFF) << rv::csrw(rv::minstret, a1) << rv::csrw(rv::minstreth, zero) << rv::nop
                                     << rv::csrr(a2, rv::minstret) << rv::csrr(a3, rv::minstreth)
                                     << rv::csrw(rv::mcycleh, a1) << rv::csrw(rv::mcycle, a1) << rv::nop
                                     << rv::csrr(a4, rv::mcycle) << rv::csrr(a5, rv::mcycleh) << rv::halt());
  EXPECT_EQ(machine.x(a2), 0u);
  EXPECT_EQ(machine.x(a3), 1u);
  EXPECT_EQ(machine.x(a4), 2u) << "the write takes three cycles";
  EXPECT_EQ(machine.x(a5), 0u);
}

TEST(Csr, InhibitedCountersStandStill) {
  Machine machine;
  machine.run({rv::csrrwi(zero, rv::mcountinhibit, 5), rv::csrr(a0, rv::mcycle), rv::csrr(a1, rv::minstret), rv::nop,
               rv::nop, rv::csrr(a2, rv::mcycle), rv::csrr(a3, rv::minstret), rv::csrrwi(zero, rv::mcountinhibit, 0),
               rv::nop, rv::csrr(a4, rv::mcycle), rv::csrr(a5, rv::minstret), rv::csrr(a6, rv::time), rv::halt()});
  EXPECT_EQ(machine.x(a2), machine.x(a0));
  EXPECT_EQ(machine.x(a3), machine.x(a1));
  EXPECT_EQ(machine.x(a4), machine.x(a0) + 3);
  EXPECT_EQ(machine.x(a5), machine.x(a1) + 2);
  EXPECT_GT(machine.x(a6), machine.x(a4)) << "time goes on";
}

}  // namespace
}  // namespace lutra::test
